"""The view `timeline`: every entry that is known at the point, in the order in which things happened."""

from typing import Any

from projections.matter_at import MatterAt


def view(matters: list[MatterAt]) -> dict[str, Any]:
    """The entries of the matters as {id, matter, kind, headline, occurred, known, standing, …}."""
    entries = [each for matter in matters for each in matter.entries]
    return {"events": [entry for starts, entry in sorted(entries, key=lambda each: (each[0], each[1]["position"]))]}
