"""The commands that record: an entry, a new matter, and who sees it. What the shell does is recorded as done by `shell`."""

import dataclasses
from typing import Any

import click

from domain.errors import BadValue
from domain.events import Amendment
from importers.flags import entry_from, flags_in
from importers.schemas import kind_named
from main import show
from main.command import JSON, opened, options, print_answer, telling
from service.trying import Preview
from service.visitor import SHELL
from service.writing import ANY, Posting


@click.command(name="record", context_settings={"ignore_unknown_options": True, "allow_extra_args": True})
@click.argument("matter", metavar="MATTER")
@click.argument("kind", metavar="KIND")
@options(
    click.option("--dry-run", is_flag=True, help="Tell what would change in each view; store nothing."),
    click.option("--if-version", type=int, metavar="N", help="Only if the matter is still at this version."),
    click.option("--idempotency-key", metavar="KEY", help="The same key and entry again: done once, told alike."),
    JSON,
)
@click.pass_context
@telling
def record(
    context: click.Context,
    matter: str,
    kind: str,
    dry_run: bool,
    if_version: int | None,
    idempotency_key: str | None,
    as_json: bool,
) -> None:
    """Record one entry. Its fields are flags; a dot goes into a value; a flag again is the next item of a list.

    \b
    daybook record tiktok-divestiture DevelopmentReported --key a-notice --occurred 2025-12-01 \\
        --text "A notice was given." --source.publisher "Federal Register" --source.published 2025-12-01
    daybook record bytedance-ai-procurement ReportDenied --of ft-2025-overseas --by ByteDance \\
        --scope budgets.overseas-2025.money --announced 2025-01-21 --source.publisher Reuters

    docs/events.md has each kind with its fields. An amendment names the entry that it is about with --of.
    """
    chosen = kind_named(kind)
    raw = entry_from(chosen, flags_in(context.args))
    if issubclass(chosen, Amendment) and "of" not in raw:
        raise BadValue("Name the entry that this is about: --of KEY.", "of")
    posting = Posting(matter, raw)
    if dry_run:
        tried = opened().preview([posting], SHELL)
        print_answer(dataclasses.asdict(tried) | {"dry_run": True}, as_json, lambda: _show_preview(tried))
        return
    versions = {matter: if_version} if if_version is not None else ANY
    written = opened().record([posting], SHELL, versions=versions, key=idempotency_key)
    (receipt,) = written.entries
    print_answer(receipt | {"version": written.versions[matter]}, as_json, lambda: _show_receipt(receipt))


def _show_receipt(receipt: dict[str, Any]) -> None:
    done = "Recorded" if receipt["stored"] else "On record already:"
    show.say(f"{done} {receipt['id']}, at position {receipt['position']} of the log.")


def _show_preview(tried: Preview) -> None:
    for view, changes in tried.changes.items():
        show.say(f"{view}:" + (" nothing would change" if not changes else ""))
        for change in changes:
            show.say(f"  • as of {change['as_of']}: {change['sentence']}")
    for warning in tried.warnings:
        show.say(f"Look again: {warning['detail']}" + (f" ({warning['event']})" if warning["event"] else ""))
    show.say("Nothing was stored: this was a dry run.")


@click.group(name="matter")
def matter_group() -> None:
    """Matters: open one, or change who sees it."""


@matter_group.command(name="open")
@click.argument("slug")
@options(
    click.option("--title", required=True),
    click.option("--summary", required=True, help="A few sentences."),
    click.option("--time-zone", required=True, metavar="ZONE", help="Such as America/New_York."),
    click.option("--jurisdiction", required=True, metavar="CODE", help="Whose holidays count: US, CN, DE."),
    click.option("--group", metavar="GROUP", help="Only this group sees it; left out, everyone does."),
)
@telling
def open_command(**values: str | None) -> None:
    """Open a matter.

    \b
    daybook matter open dma --title "Digital Markets Act" --summary "…" --time-zone Europe/Brussels --jurisdiction BE
    """
    opened().open_matter(values, SHELL)
    show.say(f"The matter {values['slug']} is open, for {_for_whom(values['group'])}.")


@matter_group.command(name="share")
@click.argument("slug")
@options(click.option("--group", metavar="GROUP"), click.option("--everyone", is_flag=True))
@telling
def share_command(slug: str, group: str | None, everyone: bool) -> None:
    """Show a matter to one group alone, or to everyone.

    \b
    daybook matter share dma --group legal
    daybook matter share dma --everyone
    """
    if everyone == (group is not None):
        raise BadValue("Give either --group GROUP or --everyone.")
    opened().share_matter(slug, group, SHELL)
    show.say(f"The matter {slug} is for {_for_whom(group)} now.")


def _for_whom(group: str | None) -> str:
    return f"the group {group} alone" if group else "everyone"
