"""The curl examples of docs/api.md are really sent, and do what the page says."""

import json
import re
import shlex
from pathlib import Path

from argon2 import PasswordHasher

from service.people import People
from web.app import create_app

PAGE = Path(__file__).resolve().parents[2] / "docs/api.md"


def requests():
    """Each example as (path, headers, body)."""
    for block in re.findall(r"```console\n(.*?)```", PAGE.read_text(), re.DOTALL):
        for command in re.findall(r"^\$ (curl .*?)(?=^\$ |\Z)", block, re.DOTALL | re.MULTILINE):
            words = shlex.split(command.replace("\\\n", " "))
            path = next(word for word in words if word.startswith("http://127.0.0.1:8000")).removeprefix("http://127.0.0.1:8000")
            headers = dict(words[n + 1].split(": ", 1) for n, word in enumerate(words) if word == "-H")
            yield path, headers, words[words.index("-d") + 1]


def test_every_curl_example_does_what_it_says(own_bundled):
    people = People(own_bundled.log.recorder, own_bundled.clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
    ann = people.accounts.add("ann", "editor", "shell", password="a long passphrase")
    _, token = people.tokens.make(ann.id, "test", ["read", "record", "matters", "alerts"], 30, "shell")
    client = create_app(own_bundled.daybook, people=people).test_client()
    client.get("/api/v1/alert-channels", headers={"Authorization": f"Bearer {token}"})
    answers = []
    for path, headers, body in requests():
        if "Authorization" in headers:
            headers["Authorization"] = f"Bearer {token}"
        body = body.replace("$CHANNEL", f"p-{ann.id}")
        answers.append((path.removeprefix("/api/v1"), client.post(path, data=body, headers=headers)))
    assert [(path, answer.status_code) for path, answer in answers] == [
        ("/events", 201), ("/events/tiktok-divestiture.a-notice/amendments", 201), ("/events/batch", 201), ("/what-if", 200), ("/matters", 201),
        ("/count", 200), ("/alert-policies", 201), ("/alert-policies/preview", 200), ("/alert-addresses", 201),
    ]  # fmt: skip
    assert json.loads(answers[3][1].data)["state"]["service"]["status"] == "suspended"
    assert json.loads(answers[5][1].data)["due"] == "2018-12-05"
