"""The audit: every change of people, and with the log who recorded and amended; added to, and nothing else."""

import sqlite3
from contextlib import closing

import pytest

from domain.errors import BadValue
from domain.matter import Matter
from service.auditing import lines
from service.people import WrongSignIn
from service.visitor import Visitor
from tests.service.conftest import PASSWORD


def acts(people, **wanted):
    return [each.act for each in reversed(people.audit(**wanted))]


def test_every_change_is_audited_without_secrets_or_names(people, admin, bob, book):
    people.accounts.join(bob, "trade-desk", admin)
    people.accounts.leave(bob, "trade-desk", admin)
    people.accounts.set_role(bob, "editor", admin)
    token, _ = people.tokens.make(bob, "laptop", ["read"], 9, bob)
    people.tokens.revoke(token.id, bob)
    with pytest.raises(WrongSignIn):
        people.sign_in("bob", "wrong", "192.0.2.1")
    its = people.sessions.find(people.sign_in("bob", PASSWORD, ""))
    people.sessions.sign_out(its.session, bob)
    people.accounts.set_password(bob, PASSWORD + "!", admin)
    people.accounts.disable(bob, admin)
    people.accounts.erase(bob, admin)
    assert acts(people, account=bob) == [
        "account made", "group joined", "group left", "role changed", "token made", "token revoked", "sign-in failed", "signed in",
        "signed out", "password changed", "account disabled", "account erased",
    ]  # fmt: skip
    said = str(book.rows("SELECT * FROM audit"))
    for secret in ("bob", "Ann", "laptop", PASSWORD, "argon2"):
        assert secret not in said
    assert people.audit(act="role changed")[0].detail == {"role": "editor", "former": "recorder"}


def test_what_changes_nothing_is_not_audited(people, admin, bob):
    before = len(people.audit(limit=500))
    people.accounts.set_role(bob, "recorder", admin)
    people.accounts.enable(bob, admin)
    for _ in range(2):
        people.accounts.join(bob, "trade-desk", admin)
    assert len(people.audit(limit=500)) == before + 1


@pytest.mark.parametrize(
    "sql",
    ["UPDATE audit SET actor='x'", "DELETE FROM audit", "REPLACE INTO audit SELECT at, 'x', act, concerns, detail FROM audit"],
)
def test_the_audit_is_only_added_to(people, admin, book, sql):
    with closing(sqlite3.connect(book.path)) as connection, pytest.raises(sqlite3.IntegrityError, match="append-only"):
        connection.execute(sql)


# The audit together with the log


def told(book, people, visitor, **wanted):
    found, more = lines(book.daybook, book.daybook.seen_by(visitor), people, **wanted)
    return found, more


@pytest.fixture
def recorded(book, people, admin, bob):
    """A public matter and one that is private to the group `counsel`, with an entry and a denial each."""
    for slug, group in (("open-one", None), ("hidden-one", "counsel")):
        matter = Matter.open(
            slug=slug, title=slug, summary="A matter.", time_zone="UTC", jurisdiction="US", actor=admin, group=group
        )
        book.log.save_matter(matter)
        details = {"number": 1, "title": f"Order about {slug}"}
        book.record(slug, "ExecutiveOrderSigned", f"{slug}-order", actor=bob, occurred="2025-01-20", details=details)
        book.record(
            slug, "EntryRetracted", f"{slug}-back", actor=admin, of=[f"{slug}-order"], reason="A slip.", announced="2025-01-21"
        )
    return book


def test_the_audit_shows_who_recorded_and_amended_beside_who_signed_in(recorded, people, admin, bob):
    found, _ = told(recorded, people, Visitor(admin, "admin", frozenset({"counsel"})))
    assert [(line.actor, line.act, line.entry) for line in found[:3]] == [
        (admin, "entry retracted", "hidden-one.hidden-one-back"),
        (bob, "entry recorded", "hidden-one.hidden-one-order"),
        (admin, "matter opened", None),
    ]
    assert "account made" in [line.act for line in found]
    assert [line.at for line in found] == sorted((line.at for line in found), reverse=True)


def test_an_admin_of_no_group_sees_that_something_private_was_done_and_nothing_of_it(recorded, people, admin, bob):
    found, _ = told(recorded, people, Visitor(admin, "admin"))
    private = [line for line in found if line.private]
    assert [(line.actor, line.act) for line in private] == [
        (admin, "entry retracted"),
        (bob, "entry recorded"),
        (admin, "matter opened"),
    ]
    assert "hidden" not in str(found)
    assert "open-one.open-one-order" in str(found)


def test_the_audit_is_filtered_by_account_and_by_act(recorded, people, admin, bob):
    see_all = Visitor(admin, "admin", None)
    assert {line.act for line in told(recorded, people, see_all, account=bob)[0]} == {"account made", "entry recorded"}
    assert {line.actor for line in told(recorded, people, see_all, act="matter opened")[0]} == {admin}
    assert [line.act for line in told(recorded, people, see_all, act="account made")[0]] == ["account made"] * 2
    with pytest.raises(BadValue):
        told(recorded, people, see_all, act="nonsense")


@pytest.mark.parametrize("size", [1, 2, 3, 50])
def test_pages_of_the_audit_have_every_line_once(recorded, people, admin, size):
    see_all = Visitor(admin, "admin", None)
    whole, none = told(recorded, people, see_all, limit=500)
    assert none is None
    paged, before = [], None
    for _ in range(100):
        page, before = told(recorded, people, see_all, limit=size, before=before)
        paged += page
        if before is None:
            break
    assert paged == whole


def test_the_audit_tells_what_was_recorded_not_how_it_reads_now(book, people, admin, bob):
    book.open("m")
    book.record("m", "DevelopmentReported", "a", actor=bob, occurred="2025-01-20", details={"text": "A slpi."})
    book.record("m", "EntryCorrected", "b", actor=admin, of=["a"], announced="2025-01-21", slip="ours", changes={"text": "A slip."})
    found, _ = told(book, people, Visitor(admin, "admin"))
    assert [(line.act, line.headline) for line in found[:2]] == [
        ("entry corrected", "Corrected (our slip), text: A slip"),
        ("entry recorded", "A slpi"),
    ]
