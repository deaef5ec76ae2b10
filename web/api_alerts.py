"""Alerts by API: policies with their preview, saved filters, preferences, and the alerts themselves. For a token with the scope `alerts`."""

from dataclasses import asdict
from typing import Any

from flask import request, url_for

from alerts.history import alerts_by, position_of
from alerts.inbox import Inbox
from alerts.model import Policy, SavedFilter
from alerts.outbox import Row
from alerts.own import Own, own_alerts
from alerts.preview import preview
from alerts.schemas import FilterSchema, about_of, read
from alerts.shown import instant, policy_shown
from alerts.standing import matters_seen
from alerts.there import check_about
from service.log import Readable
from web import schemas_alerts as schemas
from web.api import v1
from web.bodies import read_body
from web.context import alerting, daybook, permit, visitor
from web.schemas_alerts_posted import SnoozeAskedSchema, body


def me() -> str:
    """Whose alerts are asked for: the visitor's, where he may set alerts. Raises `SignInNeeded`, `Forbidden`."""
    return permit("alerts").account


@v1.get("/alert-policies")
@v1.response(200, schemas.PoliciesSchema)
def alert_policies() -> dict[str, Any]:
    """Your policies: who is told of what, by which channel"""
    return {"policies": [policy_shown(each) for each in alerting().policies.of(me())]}


@v1.post("/alert-policies")
@v1.doc(**body("PostedAlertPolicy"))
@v1.response(201, schemas.PolicyAnswerSchema)
def add_alert_policy() -> Any:
    """Make a policy"""
    its = _kept(me())
    return policy_shown(its), 201, {"Location": url_for("api.alert_policy", policy=its.id)}


@v1.get("/alert-policies/<policy>")
@v1.response(200, schemas.PolicyAnswerSchema)
def alert_policy(policy: str) -> dict[str, Any]:
    """One of your policies"""
    return policy_shown(alerting().policies.get(policy, me()))


@v1.put("/alert-policies/<policy>")
@v1.doc(**body("PostedAlertPolicy"))
@v1.response(200, schemas.PolicyAnswerSchema)
def change_alert_policy(policy: str) -> dict[str, Any]:
    """Put another policy in its place; what both ask for goes on counting from when it did"""
    its = alerting().policies.get(policy, me())
    return policy_shown(_kept(me(), its.id))


@v1.delete("/alert-policies/<policy>")
@v1.response(204)
def delete_alert_policy(policy: str) -> None:
    """Nothing is told by it any more"""
    alerting().policies.delete(policy, me(), me())


@v1.post("/alert-policies/preview")
@v1.doc(**body("PostedAlertPolicy"))
@v1.response(200, schemas.PreviewSchema)
def preview_alert_policy() -> dict[str, Any]:
    """The next sends of a policy, before it is saved; stores nothing"""
    now, account = alerting().clock(), me()
    drafted = _there(alerting().policies.read(read_body(request), account, now))
    return preview(alerting(), drafted, now).shown()


def _kept(account: str, policy: str | None = None) -> Policy:
    """What was sent, stored."""
    wanted = alerting().policies.read(read_body(request), account, alerting().clock(), policy)
    return alerting().policies.keep(_there(wanted), account)


def _there(its: Policy) -> Policy:
    check_about(own_log(), its.about)
    return its


def own_log() -> Readable:
    """The log as the visitor sees it."""
    return alerting().log.seen_by(visitor().groups)


@v1.get("/alert-filters")
@v1.response(200, schemas.FiltersSchema)
def alert_filters() -> dict[str, Any]:
    """Your saved filters"""
    return {"filters": [_filter(each) for each in alerting().filters.of(me())]}


@v1.post("/alert-filters")
@v1.doc(**body("PostedAlertFilter"))
@v1.response(201, schemas.FilterAnswerSchema)
def add_alert_filter() -> Any:
    """Save a filter, for policies and secret addresses"""
    its = _kept_filter(me())
    return _filter(its), 201, {"Location": url_for("api.alert_filter", filter=its.id)}


@v1.get("/alert-filters/<filter>")
@v1.response(200, schemas.FilterAnswerSchema)
def alert_filter(filter: str) -> dict[str, Any]:
    """One of your saved filters"""
    return _filter(alerting().filters.get(filter, me()))


@v1.put("/alert-filters/<filter>")
@v1.doc(**body("PostedAlertFilter"))
@v1.response(200, schemas.FilterAnswerSchema)
def change_alert_filter(filter: str) -> dict[str, Any]:
    """Put another filter in its place, for all that uses it"""
    account = me()
    alerting().filters.get(filter, account)
    return _filter(_kept_filter(account, filter))


@v1.delete("/alert-filters/<filter>")
@v1.response(204)
def delete_alert_filter(filter: str) -> None:
    """Delete a filter that nothing uses"""
    alerting().filters.delete(filter, me())


def _kept_filter(account: str, saved: str | None = None) -> SavedFilter:
    sent = read_body(request)
    check_about(own_log(), about_of(read(FilterSchema, sent)["about"]))
    return alerting().filters.keep(sent, account, saved)


def _filter(its: SavedFilter) -> dict[str, Any]:
    return {"id": its.id, "name": its.name, "about": asdict(its.about)}


@v1.get("/alert-preferences")
@v1.response(200, schemas.PreferencesAnswerSchema)
def alert_preferences() -> dict[str, Any]:
    """How you want to be spoken to: zone, quiet hours, when digests come"""
    return asdict(alerting().wishes.of(me()))


@v1.put("/alert-preferences")
@v1.doc(**body("PostedAlertPreferences"))
@v1.response(200, schemas.PreferencesAnswerSchema)
def change_alert_preferences() -> dict[str, Any]:
    """Say how you want to be spoken to; what is left out is as usual"""
    return asdict(alerting().wishes.keep(read_body(request), me()))


@v1.get("/alerts")
@v1.arguments(schemas.AlertsQuestionSchema, location="query")
@v1.response(200, schemas.AlertsSchema)
def alerts(args: dict[str, Any]) -> dict[str, Any]:
    """What was told by a day, what a clock that always ran would have told, and what you were told"""
    limit, question = args.pop("limit"), daybook().ask(**args)
    found = alerts_by(daybook().log, question)
    found |= {"would_have_been": found["would_have_been"][-limit:], "raised": found["raised"][:limit]}
    if visitor().may("alerts"):
        log = own_log()
        until, upto = question.day("UTC"), position_of(log, question)
        mine, _ = own_alerts(alerting(), log, visitor().account, until, upto, limit)
        found["mine"] = [_own(each) for each in mine]
    return found


def _own(its: Own) -> dict[str, Any]:
    return its.told | {"item": its.page, "ways": [asdict(way) | {"at": instant(way.at)} for way in its.ways]}


@v1.post("/alerts/<item>/acknowledge")
@v1.response(200, schemas.AlertAnswerSchema)
def acknowledge_alert(item: str) -> dict[str, Any]:
    """Hear no more of the due date that an alert is about"""
    return _answered(_inbox().acknowledge(item))


@v1.delete("/alerts/<item>/acknowledge")
@v1.response(200, schemas.AlertAnswerSchema)
def unacknowledge_alert(item: str) -> dict[str, Any]:
    """Hear of it again"""
    return _answered(_inbox().unacknowledge(item))


@v1.post("/alerts/<item>/snooze")
@v1.doc(**body("PostedSnooze"))
@v1.response(200, schemas.AlertAnswerSchema)
def snooze_alert(item: str) -> dict[str, Any]:
    """Hear nothing of the window that an alert is about until an instant, or until a day begins in your zone"""
    inbox, sent = _inbox(), read_body(request)
    inbox.item(item)
    until = inbox.snooze_until(read(SnoozeAskedSchema, sent)["until"])
    return _answered(inbox.snooze(item, until))


@v1.delete("/alerts/<item>/snooze")
@v1.response(200, schemas.AlertAnswerSchema)
def wake_alert(item: str) -> dict[str, Any]:
    """Hear of its window again"""
    return _answered(_inbox().wake(item))


def _inbox() -> Inbox:
    return Inbox(alerting(), me())


def _answered(row: Row) -> dict[str, Any]:
    its = row.item
    until = alerting().wishes.snoozed(me()).get((its.matter, its.window or ""))
    return alert_row(row, matters_seen(alerting(), visitor().groups)) | {
        "acknowledged": _inbox().is_acknowledged(row),
        "snoozed_until": instant(until),
    }


def alert_row(row: Row, seen: set[str]) -> dict[str, Any]:
    """A row of the outbox as it is answered; of a matter that is not seen only that there was something."""
    its, shown = row.item, row.item.matter in seen
    return {
        "id": its.id, "what": its.what, "channel": its.channel, "matter": its.matter if shown else None,
        "window": its.window if shown else None, "facts": its.facts if shown else None, "made": instant(its.made),
        "message": row.message, "dropped": row.dropped,
    }  # fmt: skip
