"""A typed client, generated from our OpenAPI document, drives the running service."""

import importlib
import json
import os
import shutil
import socket
import subprocess
import sys
import urllib.request
from datetime import date
from pathlib import Path

import pytest

BIN = Path(sys.executable).parent


@pytest.fixture(scope="module")
def address(system, store):
    """A server over the bundled matters."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    with system.started("serve", store, PORT=str(port)) as process:
        process.stdout.readline()
        yield f"http://127.0.0.1:{port}"


@pytest.fixture(scope="module")
def generated(address, tmp_path_factory):
    """What the generator printed, and the package that it made."""
    folder = tmp_path_factory.mktemp("client")
    done = subprocess.run(
        [
            BIN / "openapi-python-client", "generate", "--url", f"{address}/api/v1/openapi.json", "--meta", "none",
            "--output-path", folder / "daybook_client", "--fail-on-warning",
        ],
        env=os.environ | {"PATH": f"{BIN}{os.pathsep}{os.environ['PATH']}"}, capture_output=True, text=True,
    )  # fmt: skip
    sys.path.insert(0, str(folder))
    yield done
    sys.path.remove(str(folder))


def part(name):
    """A module of the generated package."""
    return importlib.import_module(f"daybook_client.{name}")


@pytest.fixture
def client(generated, address):
    """The client, as nobody."""
    with part("client").Client(base_url=address, raise_on_unexpected_status=True) as made:
        yield made


def asked(name, client, *arguments, **parameters):
    """Call an operation; its answer as the client parsed it."""
    return part(f"api.api.{name}").sync(*arguments, client=client, **parameters)


def test_the_generator_has_nothing_to_complain_of_and_leaves_nothing_out(generated, address):
    assert generated.returncode == 0, generated.stdout + generated.stderr
    assert "arning" not in generated.stdout + generated.stderr
    with urllib.request.urlopen(f"{address}/api/v1/openapi.json") as response:
        document = json.load(response)
    named = {op["operationId"] for item in document["paths"].values() for way, op in item.items() if way != "parameters"}
    made = {path.stem for path in Path(part("api.api").__file__).parent.glob("*.py")} - {"__init__"}
    assert made == named


def test_it_asks_for_a_view_at_a_point(client):
    view = asked("view", client, part("models").ViewView.TIKTOK_STATUS, as_of="2025-03-21")
    assert view.state["window"]["due"] == "2025-04-05"
    assert view.point.withheld > 0
    assert view.state_of["window.due"].standing == "official"


def test_it_walks_the_pages_of_entries(client):
    kind = part("models").EventsKind.EXECUTIVEORDERSIGNED
    seen, after = [], 0
    while after is not None:
        page = asked("events", client, kind=kind, from_=date(2025, 1, 1), after=after, limit=2)
        seen += [event.key for event in page.events]
        after = page.next_
    assert seen[:2] == ["eo-14166", "eo-14258"]
    assert len(seen) == len(set(seen)) > 2


def test_it_lists_deadlines(client):
    (deadline,) = asked("deadlines", client, as_of="2025-03-30", within=30).deadlines
    assert (deadline.window, deadline.days_left) == ("pause-1", 6)


def test_it_counts(client):
    count = part("models").Count(start="2025-01-20", length=75)
    assert asked("count", client, body=count).due == "2025-04-05"


def test_what_is_refused_comes_as_a_typed_problem(client):
    problem = asked("matter", client, "nope")
    assert (problem.status, problem.type_.rpartition("/")[2]) == (404, "not-found")
    problem = asked("deadlines", client, as_of="2025-02-30")
    assert [error.parameter for error in problem.errors] == ["as_of"]


@pytest.fixture
def writer(generated, system, store, tmp_path):
    """The client with a token of an editor, over a store of its own."""
    shutil.copytree(store, tmp_path / "own")
    token = system.token(tmp_path / "own", "editor")
    client = part("client").AuthenticatedClient
    with system.serving(tmp_path / "own") as address, client(address, token, raise_on_unexpected_status=True) as made:
        yield made


def test_it_records_denies_and_corrects(writer):
    models = part("models")
    source = models.PostedSource(publisher="Federal Register", published="2025-12-01")
    event = models.DevelopmentReported(
        key="a-notice", matter="tiktok-divestiture", kind=models.DevelopmentReportedKind.DEVELOPMENTREPORTED, occurred="2025-12-01",
        details=models.DevelopmentReportedDetails(text="A notice was given."), sources=[source],
    )  # fmt: skip
    tried = asked("record", writer, body=event, dry_run=True)
    assert (tried.dry_run, tried.position) == (True, None)
    assert tried.changes["timeline"][0].sentence == "New: A notice was given"
    recorded = asked("record", writer, body=event, idempotency_key="one")
    assert (recorded.id, recorded.position, recorded.stored) == ("tiktok-divestiture.a-notice", 123, True)
    denial = models.ReportDenied(kind=models.ReportDeniedKind.REPORTDENIED, by="Somebody", announced="2025-12-02", sources=[source])
    assert asked("amend", writer, recorded.id, body=denial).key == "a-notice-denied"
    changes = models.EntryCorrectedChanges.from_dict({"summary": "More of it."})
    correction = models.EntryCorrected(
        kind=models.EntryCorrectedKind.ENTRYCORRECTED, changes=changes, announced="2025-12-03", sources=[source]
    )
    unread = asked("amend", writer, recorded.id, body=correction)
    assert (unread.status, unread.type_.rpartition("/")[2]) == (428, "version-needed")
    version = asked("matter", writer, "tiktok-divestiture").version
    assert asked("amend", writer, recorded.id, body=correction, if_match=f'"{version}"').stored
    assert asked("event", writer, recorded.id).standing == "denied"


def test_what_it_posts_wrong_comes_back_with_pointers(writer):
    models = part("models")
    event = models.DevelopmentReported(
        key="a-notice", matter="tiktok-divestiture", kind=models.DevelopmentReportedKind.DEVELOPMENTREPORTED, occurred="2025-02-30",
        details=models.DevelopmentReportedDetails(text="<b>"), sources=[models.PostedSource(publisher="X")],
    )  # fmt: skip
    problem = asked("record", writer, body=event)
    assert {error.pointer for error in problem.errors} == {"/occurred", "/details/text"}
