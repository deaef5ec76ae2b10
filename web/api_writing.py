"""The writing half of the API: entries, amendments, batches, matters, and what if. For a token with the scope `record`."""

import re
from typing import Any

from flask import request, url_for

from domain.errors import BadValue, NotFound, Outdated, VersionNeeded
from domain.rules import NoSuchEntry
from service.trying import Preview
from service.writing import ANY, Posting, Versions, Written, about
from web import schemas_writing as schemas
from web.api import v1
from web.bodies import read_body
from web.context import daybook, permit, visitor
from web.problems import pointer

_BODY = "application/json"
SUPPOSED_BY_NOBODY = 100
"""Entries in a what-if of nobody in particular: writers wait while it is worked out."""


def _body(name: str) -> dict[str, Any]:
    """The request body's place in the document."""
    return {"requestBody": {"required": True, "content": {_BODY: {"schema": {"$ref": f"#/components/schemas/{name}"}}}}}


@v1.post("/events")
@v1.doc(**_body("PostedEvent"))
@v1.arguments(schemas.WritingSchema, location="query")
@v1.arguments(schemas.ConditionsSchema, location="headers")
@v1.response(201, schemas.RecordedSchema)
@v1.alt_response(200, schema=schemas.RecordedSchema, description="On record before, or a dry run")
def record(args: dict[str, Any], conditions: dict[str, Any]) -> Any:
    """Record one entry"""
    raw = _mapping(read_body(request))
    if str(raw.get("kind")) in schemas.AMENDMENTS:
        raise BadValue("Post this to /events/{id}/amendments, the entry that it is about.", "kind")
    return _one(Posting(_matter_of(raw), raw), args, conditions)


@v1.post("/events/<event_id>/amendments")
@v1.doc(**_body("PostedAmendment"))
@v1.arguments(schemas.WritingSchema, location="query")
@v1.arguments(schemas.ConditionsSchema, location="headers")
@v1.response(201, schemas.RecordedSchema)
@v1.alt_response(200, schema=schemas.RecordedSchema, description="On record before, or a dry run")
def amend(args: dict[str, Any], conditions: dict[str, Any], event_id: str) -> Any:
    """Deny, confirm, correct or retract an entry"""
    permit("record")
    matter, dot, key = event_id.partition(".")
    raw = _mapping(read_body(request))
    if str(raw.get("kind")) not in schemas.AMENDMENTS:
        raise BadValue(f"An amendment is one of: {', '.join(schemas.AMENDMENTS)}.", "kind")
    gone = NotFound(f"There is no event “{event_id[:120]}”.", "id")
    if not dot:
        raise gone
    try:
        return _one(Posting(matter, about(raw, key)), args, conditions)
    except NotFound:
        raise gone from None
    except NoSuchEntry:
        if raw.get("of") in (None, [key]):
            raise gone from None
        raise


@v1.post("/events/batch")
@v1.doc(**_body("Batch"))
@v1.arguments(schemas.WritingSchema, location="query")
@v1.arguments(schemas.ConditionsSchema, location="headers")
@v1.response(201, schemas.BatchRecordedSchema)
@v1.alt_response(200, schema=schemas.BatchRecordedSchema, description="All on record before, or a dry run")
def batch(args: dict[str, Any], conditions: dict[str, Any]) -> Any:
    """Record up to 1,000 entries, all or nothing"""
    body = _mapping(read_body(request))
    unknown = [name for name in body if name not in ("events", "versions")]
    if unknown:
        raise BadValue(f"“{unknown[0][:60]}” is not a field here.", unknown[0][:60])
    if not isinstance(body.get("events"), list):
        raise BadValue("Give `events`, a list of entries.", "events")
    entries = [(n, _mapping(raw, f"events.{n}")) for n, raw in enumerate(body["events"])]
    postings = [Posting(_matter_of(raw, f"events.{n}"), raw, f"events.{n}") for n, raw in entries]
    versions = _versions(postings, conditions, _read_versions(body.get("versions", {}), postings))
    try:
        return _written(postings, args, conditions, versions)
    except (Outdated, VersionNeeded) as error:
        error.field = error.field if conditions.get("version") else "versions"
        raise


def _one(posting: Posting, args: dict[str, Any], conditions: dict[str, Any]) -> Any:
    answer, status, headers = _written([posting], args, conditions, _versions([posting], conditions, {}))
    (receipt,) = answer.pop("entries")
    version = answer.pop("versions")[posting.matter]
    if not args["dry_run"]:
        headers |= {"Location": url_for("api.event", event_id=receipt["id"]), "ETag": f'"{version}"'}
    return receipt | answer | {"version": version}, status, headers


def _written(
    postings: list[Posting], args: dict[str, Any], conditions: dict[str, Any], versions: Versions
) -> tuple[dict[str, Any], int, dict[str, str]]:
    """Record, or tell what recording would change: answer, status, headers."""
    who = permit("record")
    if args["dry_run"]:
        permit("read")
        return _tried(daybook().preview(postings, who, versions=versions or ANY)), 200, {}
    written: Written = daybook().record(postings, who, versions=versions, key=conditions.get("key"))
    status = 201 if any(receipt["stored"] for receipt in written.entries) else 200
    headers = {"Idempotent-Replayed": "true"} if written.again else {}
    return {"entries": written.entries, "versions": written.versions}, status, headers


def _tried(preview: Preview) -> dict[str, Any]:
    warnings = [{**warning, "pointer": pointer(warning["field"])} for warning in preview.warnings]
    return {
        "dry_run": True,
        "entries": preview.entries,
        "versions": preview.versions,
        "changes": preview.changes,
        "warnings": warnings,
    }


def _mapping(body: Any, at: str = "") -> dict[str, Any]:
    if not isinstance(body, dict):
        raise BadValue("Send an entry: a mapping of fields, starting with its key and kind.", at)
    return body


def _matter_of(raw: dict[str, Any], at: str = "") -> str:
    if not isinstance(raw.get("matter"), str) or not raw["matter"]:
        raise BadValue("“matter” is required: the slug of the matter.", ".".join(filter(None, (at, "matter"))))
    return raw["matter"]


def _read_versions(versions: Any, postings: list[Posting]) -> dict[str, int]:
    if not isinstance(versions, dict) or not all(type(version) is int for version in versions.values()):
        raise BadValue("“versions” has for each matter the version that was read, a whole number.", "versions")
    strange = versions.keys() - {posting.matter for posting in postings}
    if strange:
        raise BadValue(f"No entry here is of the matter “{min(strange)[:80]}”.", f"versions.{min(strange)[:80]}")
    return versions


def _versions(postings: list[Posting], conditions: dict[str, Any], versions: dict[str, int]) -> Versions:
    """The versions that the writer read, by matter, from `If-Match` and the body."""
    matters = {posting.matter for posting in postings}
    wanted = conditions.get("version")
    if wanted is not None and versions:
        raise BadValue("Give the versions in the body or one in If-Match, not both.", "If-Match")
    if wanted is not None and wanted.strip() == "*":
        return ANY
    if wanted is not None:
        if len(matters) != 1:
            raise BadValue("These entries are of several matters; give their `versions` in the body.", "If-Match")
        versions = versions | {matter: _version(wanted) for matter in matters}
    return versions


def _version(text: str) -> int:
    """The version that an ETag of a matter begins with: `"57"`, `"57-ab12…"`."""
    found = re.fullmatch(r'(?:W/)?"([0-9]{1,12})(?:-[^"]*)?"', text.strip())
    if not found:
        raise BadValue('If-Match takes one ETag of the matter, such as "57".', "If-Match")
    return int(found[1])


@v1.post("/matters")
@v1.arguments(schemas.MATTER)
@v1.response(201, schemas.OpenedSchema)
def open_matter(values: dict[str, Any]) -> Any:
    """Open a matter, for everyone or for one of your groups alone"""
    version = daybook().open_matter(values, permit("matters"))
    place = {"Location": url_for("api.matter", matter=values["slug"]), "ETag": f'"{version}"'}
    return {"slug": values["slug"], "group": values.get("group"), "version": version}, 201, place


@v1.post("/matters/<matter>/share")
@v1.arguments(schemas.ShareSchema)
@v1.response(200, schemas.OpenedSchema)
def share(values: dict[str, Any], matter: str) -> dict[str, Any]:
    """Change who sees a matter"""
    version = daybook().share_matter(matter, values["group"], permit("matters"))
    return {"slug": matter, "group": values["group"], "version": version}


@v1.post("/what-if")
@v1.arguments(schemas.WhatIfSchema)
@v1.response(200, schemas.SupposedSchema)
def what_if(values: dict[str, Any]) -> dict[str, Any]:
    """A view over extra entries, never stored"""
    if visitor().account is not None:
        permit("read")
    elif len(values["events"]) > SUPPOSED_BY_NOBODY:
        raise BadValue(f"Without signing in, at most {SUPPOSED_BY_NOBODY} entries can be supposed at a time.", "events")
    question = daybook().ask(values.get("as_of"), values.get("known_on"))
    chosen = values.get("matter") or daybook().matter_of(values["view"])
    postings = [
        Posting(_matter_of({"matter": chosen} | raw, f"events.{n}"), raw, f"events.{n}") for n, raw in enumerate(values["events"])
    ]
    return daybook().what_if(values["view"], postings, question, values.get("matter"))
