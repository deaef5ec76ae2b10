"""The register of views: what can be asked for by name, and from which matters each is made."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from domain.errors import NotFound
from projections import deadlines, export_controls, procurement, tiktok_status, timeline
from projections.matter_at import MatterAt


@dataclass(frozen=True)
class View:
    """A view by its reader's noun.

    `matter` is the one it is made from; None means all of them. `under` limits the facts it needs to a prefix, `reads`
    says what else it is made from; `compared` builds what a diff compares, where that is more.
    """

    name: str
    title: str
    build: Callable[[list[MatterAt]], dict[str, Any]]
    matter: str | None = None
    reads: frozenset[Literal["facts", "entries", "notices"]] = frozenset(("facts",))
    under: str | None = None
    compared: Callable[[list[MatterAt]], dict[str, Any]] | None = None

    def for_comparing(self) -> "View":
        """The view as a diff compares it, which may show more than a reader is shown: `compared`."""
        return replace(self, build=self.compared) if self.compared else self


VIEWS = {
    view.name: view
    for view in (
        View("tiktok-status", "TikTok status", tiktok_status.view, "tiktok-divestiture"),
        View("procurement", "Procurement", procurement.view, "bytedance-ai-procurement", frozenset(("facts", "notices"))),
        View("export-controls", "Export controls", export_controls.view, "us-chip-export-controls"),
        View("deadlines", "Deadlines", deadlines.view, under="windows", compared=deadlines.every),
        View("timeline", "Timeline", timeline.view, reads=frozenset(("entries",))),
    )
}


def view_named(name: str) -> View:
    """The view of that name; raises `NotFound`."""
    try:
        return VIEWS[name]
    except KeyError:
        raise NotFound(f"There is no view “{name[:60]}”. Views: {', '.join(VIEWS)}.", "view") from None
