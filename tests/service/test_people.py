"""People beside the log: accounts, tokens, sessions and throttling, in a real store."""

import threading

import pytest
from argon2 import PasswordHasher

from domain.errors import BadValue, NotFound, RuleBroken, SignInNeeded, TooMany
from service.people import People, WrongSignIn
from service.people.checks import LastAdmin, NameTaken
from service.people.store import DAY, HOUR, MINUTE
from tests.conftest import Recorder
from tests.service.conftest import PASSWORD, QUICK


def tried(people, name, password, address="192.0.2.1"):
    """The class of the error, or the secret."""
    try:
        return people.sign_in(name, password, address)
    except (SignInNeeded, TooMany) as error:
        return type(error)


def acts(people, **wanted):
    return [each.act for each in reversed(people.audit(**wanted))]


def stored(book):
    """Every byte of the store, its write-ahead log too."""
    return b"".join(path.read_bytes() for path in book.path.parent.glob(book.path.name + "*"))


def test_a_new_store_has_no_account_and_no_password_opens_it(people):
    assert not people.accounts.any()
    assert {tried(people, name, name) for name in ("admin", "root")} == {WrongSignIn}


def test_an_account_has_an_opaque_id_and_its_password_is_only_kept_as_argon2id(people, admin, book):
    assert len(admin) == 18
    assert admin.startswith("u-")
    ((kept,),) = book.rows("SELECT password FROM accounts")
    assert kept.startswith("$argon2id$")
    assert PASSWORD.encode() not in stored(book)


@pytest.mark.parametrize("name", ["ann lee", "ANN LEE", " Ann  Lee ", "Ａnn Lee"])
def test_a_name_is_taken_whatever_its_case_and_width(people, admin, name):
    with pytest.raises(NameTaken):
        people.accounts.add(name, "reader", "shell", PASSWORD)


@pytest.mark.parametrize("name", ["", "x", "<b>ann</b>", "ann\nlee", "a\x00b", "shell", "Loader", "u-0123456789abcdef", "ann\u202elee", "x" * 61, '"ann"'])  # fmt: skip
def test_what_is_no_name_is_refused(people, name):
    with pytest.raises(BadValue) as told:
        people.accounts.add(name, "reader", "shell", PASSWORD)
    assert told.value.field == "name"


@pytest.mark.parametrize("password", ["", "eleven char", "x" * 201, "aaaaaaaaaaaaaa", "bartholomew smith", "BARTHOLOMEW SMITH"])
def test_what_is_no_password_is_refused(people, password):
    with pytest.raises(BadValue) as told:
        people.accounts.add("Bartholomew Smith", "reader", "shell", password)
    assert told.value.field == "password"


@pytest.mark.parametrize("password", ["twelve chars", "x" * 199 + "y", "ö" * 11 + "ü", "with \x00 and 🙂"])
def test_passwords_from_12_to_200_characters_work(people, password):
    people.accounts.add("carla", "reader", "shell", password)
    assert people.sessions.find(people.sign_in("Carla", password, "")).name == "carla"


def test_a_password_is_hashed_anew_when_the_parameters_have_changed(people, bob, book):
    stronger = People(book.log.recorder, book.clock, PasswordHasher(**QUICK | {"time_cost": 2}))
    stronger.sign_in("bob", PASSWORD, "")
    ((kept,),) = book.rows("SELECT password FROM accounts WHERE name='bob'")
    assert ",t=2," in kept
    assert tried(stronger, "bob", PASSWORD) is not WrongSignIn


def test_roles_change_at_once_and_only_to_roles(people, admin, bob):
    session = people.sign_in("bob", PASSWORD, "")
    people.accounts.set_role(bob, "editor", admin)
    assert people.sessions.find(session).visitor.role == "editor"
    with pytest.raises(BadValue):
        people.accounts.set_role(bob, "king", admin)


@pytest.mark.parametrize("change", ["demote", "disable", "erase"])
def test_the_last_admin_stays(people, admin, bob, change):
    people.accounts.add("invited only", "admin", "shell")  # cannot sign in yet
    other = people.accounts.add("disabled", "admin", "shell", PASSWORD).id
    people.accounts.disable(other, "shell")
    done = {"demote": lambda a: people.accounts.set_role(a, "editor", "shell"), "disable": lambda a: people.accounts.disable(a, "shell"),
            "erase": lambda a: people.accounts.erase(a, "shell")}[change]  # fmt: skip
    with pytest.raises(LastAdmin):
        done(admin)
    assert people.accounts.get(admin).role == "admin"
    people.accounts.set_role(bob, "admin", "shell")
    done(admin)


def test_erasing_forgets_all_but_the_id(people, admin, bob, book):
    people.accounts.join(bob, "trade-desk", admin)
    _, secret = people.tokens.make(bob, "laptop", ["read"], 9, bob)
    session = people.sign_in("bob", PASSWORD, "")
    people.accounts.erase(bob, admin)
    assert people.tokens.visitor(secret) is None
    assert people.sessions.find(session) is None
    assert tried(people, "bob", PASSWORD) is WrongSignIn
    assert bob not in people.accounts.names()
    assert people.accounts.groups() == {}
    assert people.accounts.get(bob).called == bob
    with pytest.raises(NotFound):
        people.accounts.set_role(bob, "admin", admin)
    dump = [
        row
        for (table,) in book.rows("SELECT name FROM sqlite_master WHERE type='table'")
        for row in book.rows(f"SELECT * FROM {table}")
    ]
    assert not any("bob" in str(row) for row in dump)
    assert people.accounts.add("bob", "reader", admin, PASSWORD).id != bob


def test_an_invitation_sets_the_password_once_and_an_older_one_counts_no_more(people, admin):
    account = people.accounts.add("carla", "reader", admin).id
    first, second = people.accounts.invite(account, admin), people.accounts.invite(account, admin)
    for code in (first, "", "x"):
        with pytest.raises(NotFound):
            people.accounts.accept(code, PASSWORD)
    people.accounts.accept(second, PASSWORD)
    with pytest.raises(NotFound):
        people.accounts.accept(second, PASSWORD)
    assert people.sessions.find(people.sign_in("carla", PASSWORD, "")).visitor.account == account


def test_an_invitation_ends_after_seven_days_and_with_the_account(people, admin, book):
    account = people.accounts.add("carla", "reader", admin).id
    code = people.accounts.invite(account, admin)
    book.clock.now += 7 * DAY - 1
    assert people.accounts.invited(code).id == account
    book.clock.now += 1
    assert people.accounts.invited(code) is None
    code = people.accounts.invite(account, admin)
    people.accounts.disable(account, admin)
    assert people.accounts.invited(code) is None


def test_a_token_can_do_what_role_and_scopes_both_allow(people, admin, bob):
    _, secret = people.tokens.make(bob, "laptop", ["record", "matters"], 9, bob)
    visitor = people.tokens.visitor(secret)
    assert {act for act in ("read", "record", "amend", "matters", "manage") if visitor.may(act)} == {"record"}
    people.accounts.set_role(bob, "editor", admin)
    assert people.tokens.visitor(secret).may("matters")
    people.accounts.set_role(bob, "reader", admin)
    assert not people.tokens.visitor(secret).may("record")


def test_no_token_manages_accounts(people, admin):
    _, secret = people.tokens.make(admin, "all", ["read", "record", "matters"], 9, admin)
    assert not people.tokens.visitor(secret).may("manage")


def test_a_token_is_kept_only_as_a_hash_and_found_only_whole(people, bob, book):
    token, secret = people.tokens.make(bob, "laptop", ["read"], 9, bob)
    assert secret.startswith("daybook_")
    assert len(secret) >= 50
    assert secret.encode() not in stored(book)
    assert people.tokens.visitor(secret).token == token.id
    for wrong in (
        secret[:-1],
        secret + "x",
        secret.removeprefix("daybook_"),
        "daybook_",
        "",
        "daybook_%",
        secret.upper(),
        "daybook_\ud800",
    ):
        assert people.tokens.visitor(wrong) is None


def test_a_token_ends_with_its_time_its_revocation_and_its_account(people, admin, bob, book):
    made = {name: people.tokens.make(bob, name, ["read"], 1, bob) for name in ("a", "b")}
    book.clock.now += DAY - 1
    assert people.tokens.visitor(made["a"][1])
    people.tokens.revoke(made["b"][0].id, bob)
    assert people.tokens.visitor(made["b"][1]) is None
    people.accounts.disable(bob, admin)
    assert people.tokens.visitor(made["a"][1]) is None
    people.accounts.enable(bob, admin)
    assert people.tokens.visitor(made["a"][1])
    book.clock.now += 1
    assert people.tokens.visitor(made["a"][1]) is None


@pytest.mark.parametrize(
    ("name", "scopes", "days", "field"),
    [("", ["read"], 9, "name"), ("x\x1b", ["read"], 9, "name"), ("x", [], 9, "scopes"), ("x", ["manage"], 9, "scopes"), ("x", ["read"], 0, "days"), ("x", ["read"], 367, "days")],
)  # fmt: skip
def test_what_is_no_token_is_refused(people, bob, name, scopes, days, field):
    with pytest.raises(BadValue) as told:
        people.tokens.make(bob, name, scopes, days, bob)
    assert told.value.field == field


def test_nobody_revokes_the_token_of_another(people, admin, bob):
    token, secret = people.tokens.make(bob, "laptop", ["read"], 9, bob)
    with pytest.raises(NotFound):
        people.tokens.revoke(token.id, admin, account=admin)
    assert people.tokens.visitor(secret)


def test_last_use_is_written_at_most_once_a_minute(people, bob, book):
    _, secret = people.tokens.make(bob, "laptop", ["read"], 9, bob)
    began = book.clock.now
    used = []
    for after in (0, MINUTE - 1, MINUTE):
        book.clock.now = began + after
        people.tokens.visitor(secret)
        used.append(people.tokens.of(bob)[0].used - began)
    assert used == [0, 0, MINUTE]


def test_a_session_ends_when_it_is_idle_for_12_hours_and_after_seven_days(people, bob, book):
    secret = people.sign_in("bob", PASSWORD, "")
    book.clock.now += 12 * HOUR - 1
    assert people.sessions.find(secret)
    book.clock.now += 12 * HOUR
    assert people.sessions.find(secret) is None
    secret, began = people.sign_in("bob", PASSWORD, ""), book.clock.now
    while book.clock.now < began + 7 * DAY - HOUR:
        book.clock.now += HOUR
        assert people.sessions.find(secret)
    book.clock.now = began + 7 * DAY
    assert people.sessions.find(secret) is None


def test_sessions_end_with_sign_out_a_new_password_and_the_account(people, admin, bob):
    one, two = people.sign_in("bob", PASSWORD, ""), people.sign_in("bob", PASSWORD, "")
    its = people.sessions.find(one)
    people.sessions.sign_out(its.session, bob)
    assert people.sessions.find(one) is None
    assert people.sessions.find(two)
    people.change_password("bob", PASSWORD, PASSWORD + "!", "")
    assert people.sessions.find(two) is None
    three = people.sign_in("bob", PASSWORD + "!", "")
    people.accounts.disable(bob, admin)
    assert people.sessions.find(three) is None


def test_nobody_ends_the_session_of_another(people, admin, bob):
    secret = people.sign_in("bob", PASSWORD, "")
    with pytest.raises(NotFound):
        people.sessions.end(people.sessions.find(secret).session, admin)
    assert people.sessions.find(secret)


def test_the_secret_of_a_session_is_not_in_the_store(people, bob, book):
    assert people.sign_in("bob", PASSWORD, "").encode() not in stored(book)


def test_after_five_failures_the_wait_rises_for_names_that_are_and_are_not(people, bob, book):
    for name in ("bob", "nobody here"):
        for _ in range(5):
            assert tried(people, name, "wrong") is WrongSignIn
        waits = []
        for _ in range(3):
            with pytest.raises(TooMany) as told:
                people.sign_in(name, PASSWORD, "192.0.2.1")
            waits.append(told.value.wait)
            book.clock.now += told.value.wait * 1_000_000
            assert tried(people, name, "wrong") is WrongSignIn
        assert waits == [30, 60, 120]


def test_the_right_password_forgives_the_name_and_the_window_passes(people, bob, book):
    for _ in range(3):
        for _ in range(4):
            tried(people, "bob", "wrong")
        assert isinstance(tried(people, "bob", PASSWORD), str)
    for _ in range(5):
        tried(people, "bob", "wrong", "192.0.2.9")
    assert tried(people, "BOB", PASSWORD, "192.0.2.9") is TooMany
    book.clock.now += 15 * MINUTE
    assert isinstance(tried(people, "bob", PASSWORD, "192.0.2.9"), str)


@pytest.mark.parametrize(("first", "again", "other"), [("192.0.2.1", "192.0.2.1", "192.0.2.2"), ("2001:db8:0:1::1", "2001:db8:0:1:ffff::2", "2001:db8:0:2::1")])  # fmt: skip
def test_one_address_has_thirty_failures_over_all_names(people, bob, first, again, other):
    for n in range(30):
        assert tried(people, f"name {n}", "wrong", first) is WrongSignIn
    assert tried(people, "bob", PASSWORD, again) is TooMany
    assert isinstance(tried(people, "bob", PASSWORD, other), str)


def test_guesses_at_once_are_counted_together(people, bob, book):
    results = []

    def guess(n):
        results.append(tried(people, "bob", f"wrong guess {n}", f"192.0.2.{n}"))

    threads = [threading.Thread(target=guess, args=(n,)) for n in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (results.count(WrongSignIn), results.count(TooMany)) == (5, 7)


def test_an_unknown_name_costs_the_work_of_a_known_one(people, bob, admin, hasher):
    people.accounts.add("invited", "reader", admin)
    people.accounts.add("shut", "reader", admin, PASSWORD)
    people.accounts.disable(people.accounts.named("shut").id, admin)
    parameters = []
    for name in ("bob", "unknown", "invited", "shut"):
        hasher.verified.clear()
        assert tried(people, name, "wrong password") is WrongSignIn
        parameters.append([kept.rpartition("$")[0].rpartition("$")[0] for kept in hasher.verified])
    assert parameters == [["$argon2id$v=19$m=8,t=1,p=1"]] * 4


def test_typed_names_and_addresses_are_not_in_the_store(people, bob, book):
    tried(people, "my secret password", "x", "203.0.113.77")
    assert b"my secret password" not in stored(book)
    assert b"203.0.113.77" not in stored(book)


def test_guessing_the_present_password_is_throttled_as_signing_in_is(people, bob):
    for _ in range(5):
        with pytest.raises(WrongSignIn):
            people.change_password("bob", "wrong", PASSWORD + "!", "")
    with pytest.raises(TooMany):
        people.change_password("bob", PASSWORD, PASSWORD + "!", "")


def test_secrets_of_a_store_are_made_once_and_differ_between_stores(people, book, tmp_path):
    other = Recorder(tmp_path / "other.sqlite", book.clock)
    assert people.secret("cookies") == people.secret("cookies")
    assert people.secret("cookies") != people.secret("names")
    assert People(other.log.recorder, book.clock).secret("cookies") != people.secret("cookies")
    other.log.close()


def test_a_rebuild_leaves_people_alone(people, admin, book):
    book.log.rebuild()
    assert people.accounts.get(admin).name == "Ann Lee"
    assert acts(people) == ["account made"]


def test_a_disabled_account_gets_no_tokens_and_nobody_has_more_than_fifty(people, admin, bob):
    for n in range(50):
        people.tokens.make(bob, f"t{n}", ["read"], 9, bob)
    with pytest.raises(RuleBroken):
        people.tokens.make(bob, "one more", ["read"], 9, bob)
    people.accounts.disable(bob, admin)
    with pytest.raises(RuleBroken):
        people.tokens.make(bob, "x", ["read"], 9, bob)
