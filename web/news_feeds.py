"""Items as Atom (RFC 4287) and as JSON Feed 1.1."""

from collections.abc import Sequence
from datetime import UTC, datetime
from xml.etree import ElementTree

from flask import Response, jsonify

from alerts.model import About
from web.calendar_feed import absolute
from web.feed_question import in_words
from web.news_items import Item

ATOM = "http://www.w3.org/2005/Atom"
NAME = "Daybook"
_NEVER = datetime(1970, 1, 1, tzinfo=UTC).isoformat()


def title_of(about: About) -> str:
    """What a feed is called."""
    narrowed = in_words(about)
    return f"{NAME}: alerts and new entries" + (f" ({narrowed})" if narrowed else "")


def as_atom(items: Sequence[Item], about: About, id: str, address: str) -> Response:
    """A feed under its own `address`; `id` stays the same wherever it is read."""
    root = ElementTree.Element("feed", {"xmlns": ATOM, "xml:lang": "en"})
    _element(root, "id", id)
    _element(root, "title", title_of(about))
    _element(root, "updated", max((item.updated for item in items), default=_NEVER))
    _element(ElementTree.SubElement(root, "author"), "name", NAME)
    _element(root, "generator", NAME)
    ElementTree.SubElement(root, "link", rel="self", type="application/atom+xml", href=address)
    ElementTree.SubElement(root, "link", rel="alternate", type="text/html", href=absolute("pages.timeline"))
    for item in items:
        _entry(root, item)
    return Response(ElementTree.tostring(root, encoding="utf-8", xml_declaration=True), mimetype="application/atom+xml")


def _entry(root: ElementTree.Element, item: Item) -> None:
    entry = ElementTree.SubElement(root, "entry")
    for name in ("id", "title", "published", "updated"):
        _element(entry, name, getattr(item, name))
    ElementTree.SubElement(entry, "link", rel="alternate", type="text/html", href=item.url)
    for tag in item.tags:
        ElementTree.SubElement(entry, "category", term=tag)
    _element(entry, "summary", item.text)
    _element(entry, "content", item.html).set("type", "html")


def _element(parent: ElementTree.Element, name: str, text: str) -> ElementTree.Element:
    found = ElementTree.SubElement(parent, name)
    found.text = text
    return found


def as_json(items: Sequence[Item], about: About, address: str) -> Response:
    """The same as JSON Feed."""
    body = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": title_of(about),
        "home_page_url": absolute("pages.timeline"),
        "feed_url": address,
        "language": "en",
        "authors": [{"name": NAME}],
        "items": [_item(item) for item in items],
    }
    response = jsonify(body)
    response.mimetype = "application/feed+json"
    return response


def _item(item: Item) -> dict[str, object]:
    return {
        "id": item.id,
        "url": item.url,
        "title": item.title,
        "content_html": item.html,
        "content_text": item.text,
        "date_published": item.published,
        "date_modified": item.updated,
        "tags": list(item.tags),
    }
