"""The promises of writing, of people and of private matters, asked of real web processes over HTTP: two workers, one store."""

import json
import shutil
import urllib.error
import urllib.parse
import urllib.request
from http.cookiejar import CookieJar

import pytest

from tests.web.test_private_matters import ADDRESSES, MISSING, SECRET, WORDS, varying

API = "/api/v1"
SOURCE = {"publisher": "Gazette", "published": "2025-12-01"}
REPORT = f"{API}/events/bytedance-ai-procurement.ft-2025-overseas"
HIDDEN = (
    "--title",
    "The Zebra file",
    "--summary",
    "About Quagga.",
    "--time-zone",
    "Asia/Tokyo",
    "--jurisdiction",
    "JP",
    "--group",
    "legal",
)
WINDOW = (
    "--key",
    "opened",
    "--occurred",
    "2025-03-10",
    "--window",
    "zebra",
    "--title",
    "Zebra window",
    "--purpose",
    "comments",
    "--due",
    "2027-01-04",
)


def event(key, **more):
    plain = {"key": key, "matter": "tiktok-divestiture", "kind": "DevelopmentReported", "occurred": "2025-12-01"}
    return plain | {"details": {"text": "A notice was given."}, "sources": [SOURCE]} | more


class Asker:
    """Asks a server, with a token or with none; follows no redirect."""

    def __init__(self, address, token=None):
        self.address = address
        self.headers = {"Authorization": f"Bearer {token}"} if token else {}
        self.opener = urllib.request.build_opener(NoRedirect, urllib.request.HTTPCookieProcessor(CookieJar()))

    def ask(self, path, body=None, form=None, **headers):
        """(status, headers, text); a body is sent as JSON, a form as a browser sends it."""
        data = (
            json.dumps(body).encode() if body is not None else urllib.parse.urlencode(form).encode() if form is not None else None
        )
        sent = self.headers | ({"Content-Type": "application/json"} if body is not None else {}) | headers
        try:
            with self.opener.open(urllib.request.Request(self.address + path, data, sent), timeout=30) as answer:
                return answer.status, answer.headers, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.headers, error.read().decode()


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


@pytest.fixture(scope="module")
def folder(store, system, tmp_path_factory):
    """A store with accounts of each role, a group, and a private matter that the group alone sees."""
    own = tmp_path_factory.mktemp("promises") / "own"
    shutil.copytree(store, own)
    system.call(own, "matter", "open", SECRET, *HIDDEN)
    system.call(
        own, "record", SECRET, "WindowOpened", *WINDOW, "--source.publisher", "Quagga Weekly", "--source.published", "2025-03-10"
    )
    return own


@pytest.fixture(scope="module")
def address(system, folder):
    with system.serving(folder, "web", WEB_CONCURRENCY="2") as found:
        yield found


@pytest.fixture(scope="module")
def askers(system, folder, address):
    """An asker for each role, and for nobody."""
    return {role: Asker(address, system.token(folder, role)) for role in ("reader", "recorder", "editor", "admin")} | {
        "nobody": Asker(address)
    }


@pytest.mark.parametrize(("role", "status"), [("nobody", 401), ("reader", 403), ("recorder", 201), ("editor", 201), ("admin", 201)])
def test_who_may_record(askers, role, status):
    assert askers[role].ask(f"{API}/events", event(f"by-{role}"))[0] == status


def test_a_key_does_it_once_over_both_processes(askers):
    answers = {askers["recorder"].ask(f"{API}/events", event("once"), **{"Idempotency-Key": "k-1"})[2] for _ in range(8)}
    assert len(answers) == 1
    assert askers["recorder"].ask(f"{API}/events", event("other"), **{"Idempotency-Key": "k-1"})[0] == 422


def test_a_version_is_held_to(askers):
    change = {"kind": "EntryCorrected", "changes": {"summary": "Another."}, "slip": "ours"}
    tag = askers["editor"].ask(f"{API}/matters/bytedance-ai-procurement")[1]["ETag"]
    assert askers["editor"].ask(f"{REPORT}/amendments", change)[0] == 428
    assert askers["recorder"].ask(f"{REPORT}/amendments", change, **{"If-Match": tag})[0] == 403
    assert askers["editor"].ask(f"{REPORT}/amendments", change, **{"If-Match": tag})[0] == 201
    assert askers["editor"].ask(f"{REPORT}/amendments", change | {"changes": {"summary": "Third."}}, **{"If-Match": tag})[0] == 412


def test_a_batch_is_all_or_nothing_and_a_dry_run_nothing(askers):
    position = json.loads(askers["nobody"].ask(f"{API}/views/timeline")[2])["point"]["position"]
    bad = {"events": [event("b-1"), event("b-2", occurred="2025-02-30")]}
    assert askers["recorder"].ask(f"{API}/events/batch", bad)[0] == 422
    status, _, text = askers["recorder"].ask(f"{API}/events?dry_run=true", event("b-3"))
    assert (status, json.loads(text)["changes"]["timeline"][0]["sentence"]) == (200, "New: A notice was given")
    assert json.loads(askers["nobody"].ask(f"{API}/views/timeline")[2])["point"]["position"] == position


@pytest.mark.parametrize("role", ["nobody", "reader", "admin"])
def test_nothing_tells_of_a_private_matter(askers, role):
    for path in ADDRESSES:
        _, headers, text = askers[role].ask(path)
        found = [word for word in WORDS if word in text.replace("q=zebra", "") or word in str(headers.items())]
        assert found == [], path
    for path in MISSING:
        real, made_up = (askers[role].ask(path.format(slug)) for slug in (SECRET, "never-there"))
        assert real[0] == made_up[0], path
        assert varying(real[2]).replace(SECRET, "never-there") == varying(made_up[2]), path


def test_its_group_sees_it_from_the_next_request_on(askers, system, folder):
    name = called(system, folder, "reader")
    assert askers["reader"].ask(f"{API}/matters/{SECRET}")[0] == 404
    system.call(folder, "group", "add", "legal", name)
    assert askers["reader"].ask(f"{API}/matters/{SECRET}")[0] == 200
    system.call(folder, "group", "remove", "legal", name)
    assert askers["reader"].ask(f"{API}/matters/{SECRET}")[0] == 404


def test_a_person_signs_in_records_and_signs_out(address, askers, system, folder):
    name = called(system, folder, "editor")
    person = Asker(address)
    page = person.ask("/sign-in")[2]
    signed = person.ask("/sign-in", form={"csrf_token": token_in(page), "name": name, "password": "a long passphrase"})
    assert signed[0] == 303
    assert "HttpOnly" in signed[1]["Set-Cookie"]
    form = person.ask("/record/tiktok-divestiture/DevelopmentReported")[2]
    typed = {
        "details.text": "Recorded by hand.",
        "occurred": "1 December 2025",
        "sources.0.publisher": "Gazette",
        "sources.0.published": "2025-12-01",
    }
    assert person.ask("/record/tiktok-divestiture/DevelopmentReported", form=typed | {"action": "save"})[0] == 400
    kept = {"csrf_token": token_in(form), "action": "save", "confirmed": "1"}
    assert person.ask("/record/tiktok-divestiture/DevelopmentReported", form=typed | kept)[0] == 303
    assert "Recorded by hand" in person.ask(f"{API}/events?q=hand")[2]
    assert person.ask(f"{API}/events", event("by-cookie"))[0] == 401
    assert person.ask("/sign-out", form={"csrf_token": token_in(form)})[0] == 303
    assert person.ask("/record")[0] == 303


def called(system, folder, role):
    """The name of the account with a role."""
    return next(account["name"] for account in json.loads(system.call(folder, "user", "list", "--json")) if account["role"] == role)


def token_in(page):
    return page.partition('name="csrf_token" value="')[2].partition('"')[0]
