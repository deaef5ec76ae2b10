"""Secret addresses: shown once, counted, revoked at once, and never more than their owner may read."""

import pytest

from alerts.model import About
from alerts.policies import Filters
from alerts.subscriptions import MOST, Subscriptions
from domain.errors import BadValue, NotFound, RuleBroken
from service.people import People
from service.people.store import MINUTE


class Desk:
    """The secret addresses of a daybook with two accounts."""

    def __init__(self, book):
        self.book = book
        self.people = People(book.log.recorder, book.clock)
        self.made = Subscriptions(self.people.store)
        self.filters = Filters(self.people.store)
        self.anna, self.bert = (self.people.accounts.add(name, "reader", "shell").id for name in ("Anna", "Bert"))

    def audited(self, act):
        return [(line.actor, line.concerns, line.detail) for line in self.people.audit(act=act)]


@pytest.fixture
def desk(book):
    """An own daybook's."""
    return Desk(book)


def test_an_address_is_found_by_its_secret_which_is_kept_nowhere(desk):
    its, secret = desk.made.make(desk.anna, "  My   phone ", About("m", words="pause"))
    assert (its.name, its.account, its.about, its.filter) == ("My phone", desk.anna, About("m", words="pause"), None)
    found, reader = desk.made.find(secret)
    assert (found.id, found.about) == (its.id, its.about)
    assert (reader.account, reader.role, reader.groups, reader.scopes, reader.token) == (
        desk.anna, "reader", frozenset(), frozenset(("read",)), its.id,
    )  # fmt: skip
    assert reader.may("read")
    assert not any(reader.may(act) for act in ("record", "amend", "matters", "alerts", "webhooks", "manage"))
    everything = repr(desk.book.rows("SELECT * FROM subscriptions") + desk.book.rows("SELECT * FROM audit"))
    assert its.id in everything
    assert secret not in everything
    assert desk.made.find(secret[:-1]) is None
    assert desk.made.find("") is None


def test_it_reads_with_the_role_and_groups_that_its_owner_has_now(desk):
    _, secret = desk.made.make(desk.anna, "phone", About())
    desk.people.accounts.join(desk.anna, "legal", "shell")
    desk.people.accounts.set_role(desk.anna, "editor", "shell")
    assert (desk.made.find(secret)[1].groups, desk.made.find(secret)[1].role) == (frozenset(("legal",)), "editor")
    desk.people.accounts.leave(desk.anna, "legal", "shell")
    assert desk.made.find(secret)[1].groups == frozenset()


def test_a_revoked_address_is_found_no_more_and_stays_in_the_list(desk):
    its, secret = desk.made.make(desk.anna, "phone", About())
    desk.made.revoke(its.id, desk.anna, desk.anna)
    desk.made.revoke(its.id, desk.anna, desk.anna)
    assert desk.made.find(secret) is None
    assert [each.revoked for each in desk.made.of(desk.anna)] == [desk.book.clock()]
    assert desk.audited("feed address made") == [(desk.anna, desk.anna, {"address": its.id})]
    assert desk.audited("feed address revoked") == [(desk.anna, desk.anna, {"address": its.id})]


def test_nobody_revokes_an_address_of_another(desk):
    its, secret = desk.made.make(desk.anna, "phone", About())
    with pytest.raises(NotFound):
        desk.made.revoke(its.id, desk.bert, desk.bert)
    with pytest.raises(NotFound):
        desk.made.revoke("s-nothing", None, "shell")
    assert desk.made.find(secret)
    desk.made.revoke(its.id, None, "shell")
    assert desk.made.find(secret) is None


def test_a_disabled_account_reads_nothing_until_it_is_enabled_and_an_erased_one_leaves_nothing(desk):
    _, secret = desk.made.make(desk.anna, "phone", About())
    desk.people.accounts.disable(desk.anna, "shell")
    assert desk.made.find(secret) is None
    with pytest.raises(RuleBroken):
        desk.made.make(desk.anna, "another", About())
    desk.people.accounts.enable(desk.anna, "shell")
    assert desk.made.find(secret)
    desk.people.accounts.erase(desk.anna, "shell")
    assert desk.made.find(secret) is None
    assert desk.book.rows("SELECT COUNT(*) FROM subscriptions") == [(0,)]


def test_use_is_noted_once_a_minute(desk):
    its, secret = desk.made.make(desk.anna, "phone", About())
    assert its.used is None
    first = desk.book.clock.now
    desk.made.find(secret)
    desk.book.clock.now += MINUTE - 1
    desk.made.find(secret)
    assert desk.made.of(desk.anna)[0].used == first
    desk.book.clock.now += 1
    desk.made.find(secret)
    assert desk.made.of(desk.anna)[0].used == first + MINUTE


def test_it_follows_a_saved_filter_and_ends_with_it(desk):
    saved = desk.filters.keep({"name": "Pauses", "about": {"words": "pause"}}, desk.anna)
    its, secret = desk.made.make(desk.anna, "phone", About(), saved.id)
    assert its.about == About(words="pause")
    desk.filters.keep({"name": "Pauses", "about": {"words": "ban"}}, desk.anna, saved.id)
    assert desk.made.find(secret)[0].about == About(words="ban")
    assert desk.made.of(desk.anna)[0].about == About(words="ban")
    with desk.people.store.writing() as c:
        c.execute("DELETE FROM filters")
    assert desk.made.find(secret) is None


def test_a_saved_filter_of_another_cannot_be_used(desk):
    saved = desk.filters.keep({"name": "Pauses", "about": {"words": "pause"}}, desk.anna)
    with pytest.raises(NotFound) as refused:
        desk.made.make(desk.bert, "phone", About(), saved.id)
    assert refused.value.field == "filter"
    with pytest.raises(BadValue) as refused:
        desk.made.make(desk.anna, "phone", About("m"), saved.id)
    assert refused.value.field == "filter"


@pytest.mark.parametrize("name", ["", "  ", "x" * 61, "a\x00b"])
def test_a_name_says_where_it_is_used(desk, name):
    with pytest.raises(BadValue) as refused:
        desk.made.make(desk.anna, name, About())
    assert refused.value.field == "name"


def test_a_person_has_fifty_at_most_and_revoked_ones_do_not_count(desk):
    made = [desk.made.make(desk.anna, f"phone {n}", About())[0] for n in range(MOST)]
    with pytest.raises(RuleBroken):
        desk.made.make(desk.anna, "one more", About())
    desk.made.make(desk.bert, "phone", About())
    desk.made.revoke(made[0].id, desk.anna, desk.anna)
    desk.made.make(desk.anna, "one more", About())
    assert len(desk.made.of(desk.anna)) == MOST + 1
