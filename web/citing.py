"""Citations as links, wherever a text stands on a page; everything else in the text is escaped."""

from typing import Any

from markupsafe import Markup, escape

from domain.citations import Citation, recognised_in


def cited(value: Any, field: str = "") -> Any:
    """A text with its citations linked; `field` says what the text is (`rin`, `docket`, …). What is no text stays as it is."""
    if not isinstance(value, str):
        return value
    parts, end = [], 0
    for citation in recognised_in(field, value):
        parts += [escape(value[end : citation.start]), _link(citation)]
        end = citation.end
    return Markup("").join([*parts, escape(value[end:])])


def _link(citation: Citation) -> Markup:
    if citation.url is None:
        return escape(citation.text)
    return Markup('<a class="cite" href="{}" rel="noopener noreferrer nofollow">{}</a>').format(citation.url, citation.text)
