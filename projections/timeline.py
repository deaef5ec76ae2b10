"""The view `timeline`: every entry that is known at the point, in the order in which things happened."""

from typing import Any

from projections.tree import Lane


def view(lanes: list[Lane]) -> dict[str, Any]:
    """The entries of the lanes as {id, matter, kind, headline, occurred, known, standing, …}."""
    entries = [entry for lane in lanes for entry in lane.entries]
    return {"events": sorted(entries, key=lambda entry: (entry["starts"], entry["position"]))}
