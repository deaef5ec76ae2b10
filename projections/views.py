"""The register of views: what can be asked for by name, and from which matters each is made."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from domain.errors import NotFound
from projections import deadlines, export_controls, procurement, tiktok_status, timeline
from projections.tree import Lane


@dataclass(frozen=True)
class View:
    """A view by its reader's noun. `matter` is the one it is made from; None means all of them."""

    name: str
    title: str
    build: Callable[[list[Lane]], dict[str, Any]]
    matter: str | None = None


VIEWS = {
    view.name: view
    for view in (
        View("tiktok-status", "TikTok status", tiktok_status.view, "tiktok-divestiture"),
        View("procurement", "Procurement", procurement.view, "bytedance-ai-procurement"),
        View("export-controls", "Export controls", export_controls.view, "us-chip-export-controls"),
        View("deadlines", "Deadlines", deadlines.view),
        View("timeline", "Timeline", timeline.view),
    )
}


def view_named(name: str) -> View:
    """The view of that name; raises `NotFound`."""
    try:
        return VIEWS[name]
    except KeyError:
        raise NotFound(f"There is no view “{name[:60]}”. Views: {', '.join(VIEWS)}.", "view") from None
