"""Somebody who records in the pages, as a browser without JavaScript does it; shared by the tests of that."""

import re
from html import unescape

from werkzeug.datastructures import MultiDict

from domain.events import KINDS, Amendment

PASSWORD = "a long passphrase"
FORMED = sorted((kind for kind in KINDS.values() if not issubclass(kind, Amendment)), key=lambda kind: kind.__name__)
ORDER = {
    "sources.0.publisher": "Federal Register", "sources.0.citation": "91 Fed. Reg. 70,123", "sources.0.published": "23 nov 2026",
    "details.number": "14,999", "details.title": "A further pause", "occurred": "20 November 2026",
}  # fmt: skip
FORM = "/record/tiktok-divestiture/ExecutiveOrderSigned"
WINDOW = "/events/tiktok-divestiture.pause-1-opened"
REPORT = "/events/bytedance-ai-procurement.ft-2025-overseas"


class Person:
    """Somebody with a browser: he signs in, opens pages, fills in their forms and sends them."""

    def __init__(self, site, role, *groups):
        self.site = site
        self.client = site.app.test_client()
        self.account = site.account(role, *groups)
        name = site.people.accounts.get(self.account).name
        self.send("/sign-in", {"name": name, "password": PASSWORD}, base="/sign-in")

    def get(self, address, status=200):
        page = self.client.get(address)
        assert page.status_code == status, (address, page.status_code, words(page.text)[:300])
        return page.text

    def hidden(self, address):
        """What the first form of a page that posts carries along."""
        form = re.search(r'<form method="post".*?</form>', self.get(address).partition("<main")[2], re.DOTALL)[0]
        return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form))

    def send(self, address, fields, base=None, **headers):
        """Send a form as the page at `base` has it."""
        data = {**self.hidden(base or address), **fields}
        return self.client.post(address, data=data, headers=headers)

    def record(self, fields=ORDER, address=FORM, **more):
        return self.send(address, {**fields, **more, "action": "save"})


def words(page):
    body = re.sub(r"<head>.*?</head>", "", page, flags=re.DOTALL)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


def entries(site, slug="tiktok-divestiture"):
    return site.book.log.matter(slug).entries


def latest(site, slug="tiktok-divestiture"):
    return list(entries(site, slug).values())[-1]


def event_of(answer):
    assert answer.status_code == 303, words(answer.text)[:600]
    return answer.location.partition("?")[0]


def own_form(person, address):
    """The fields of a correction's form as they stand."""
    page = person.get(address).partition("<main")[2]
    data = MultiDict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', page))
    for name, value in re.findall(r'<input id="[^"]+" name="([^"]+)" value="([^"]*)"', page):
        data.add(name, unescape(value))
    for name, value in re.findall(r'<textarea id="[^"]+" name="([^"]+)"[^>]*>\n(.*?)</textarea>', page, re.DOTALL):
        data.add(name, unescape(value))
    for name, options in re.findall(r'<select id="[^"]+" name="([^"]+)"[^>]*>(.*?)</select>', page, re.DOTALL):
        for value in re.findall(r'<option value="([^"]*)" selected', options):
            data[name] = value
    for tag in re.findall(r'<input type="(?:checkbox|radio)"[^>]*checked[^>]*>', page):
        data.add(re.search(r'name="([^"]+)"', tag)[1], re.search(r'value="([^"]+)"', tag)[1])
    return data


def put(data, **fields):
    """What is typed over what stood there."""
    for name, value in fields.items():
        data[name] = value


def correct(person, address, changes, action="save", **more):
    data = own_form(person, f"{address}/correct")
    put(data, **changes, **{"reason": "A slip of the pen.", "action": action}, **more)
    return person.client.post(f"{address}/correct", data=data)
