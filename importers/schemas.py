"""Marshmallow schemas of the entries, made from the event classes themselves: one for each kind.

`schema_of(kind)` checks an entry as posted (`details` nested); amendments are flat, as the interface has them.
"""

import re
import types
from functools import lru_cache
from typing import Any, Literal, NotRequired, Union, get_args, get_origin, get_type_hints, is_typeddict

from marshmallow import RAISE, Schema, ValidationError, fields, validate

from domain.deadlines import RULES, check_jurisdiction
from domain.errors import Refused
from domain.events import ENVELOPE, KINDS, Amendment, Entry, details_of
from domain.instants import zone
from domain.values import Day, Jurisdiction, Prose, RuleName, ScopePath, Share, Slug, Text, TimeZone, Url, When
from domain.when import read_day, read_when, read_words

_MARKUP = re.compile(r"<\s*[a-zA-Z!/?]")
_CONTROL = re.compile(
    r"[\x00-\x08\x0b-\x1f\x7f-\x9f\xad\U000e0000-\U000e007f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]"
)
_BLANK = " \t\n\r\u00a0\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a\u202f\u205f\u3000\u2800\u3164\u115f\u1160\uffa0"
"""Letters that show nothing."""
_AMOUNT = re.compile(r"\d{1,18}(\.\d{1,6})?", re.ASCII)
LINE, PROSE = 300, 4000
ALWAYS_WHOLE = ("Money", "Effective")
"""Values whose every part is stored, null where it is left out, as the interface shows them."""


class Strict(Schema):
    """A field that is not known is an error, here and in the document made from it."""

    class Meta:
        unknown = RAISE


class PlainText(fields.String):
    """Text without markup or control characters, of a bounded length."""

    def __init__(self, longest: int, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.longest = longest

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(value, attr, data, **kwargs)
        if len(text) > self.longest:
            raise ValidationError(f"is {len(text):,} characters long; at most {self.longest:,} fit here.")
        if not text.strip(_BLANK):
            raise ValidationError("is empty.")
        if _MARKUP.search(text):
            raise ValidationError("is plain text: leave the markup (“<…>”) out.")
        if _CONTROL.search(text) or (self.longest == LINE and "\n" in text.strip()):
            raise ValidationError("has control characters or line breaks in it.")
        return text.strip()


class Checked(fields.String):
    """A string that a domain function must be able to read; stored as written."""

    def __init__(self, reader: Any, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.reader = reader

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> str:
        text = super()._deserialize(str(value) if _is_yaml_scalar(value) else value, attr, data, **kwargs)
        try:
            read = self.reader(text)
        except Refused as error:
            raise ValidationError(error.detail) from None
        return getattr(read, "text", text)


def _is_yaml_scalar(value: Any) -> bool:
    """A bare year or share (`2025`, `0.6`) is a number in YAML and JSON, and still a good value."""
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 10**18


class WholePattern(validate.Regexp):
    """The whole value matches, a line break at its end included."""

    def __call__(self, value: str) -> str:
        """The value; raises `ValidationError`."""
        if not self.regex.fullmatch(value):
            raise ValidationError(self._format_error(value))
        return value


def _pattern(pattern: str, message: str) -> validate.Regexp:
    return WholePattern(f"^{pattern}$", error=message)


def _slug(**kwargs: Any) -> fields.Field:
    check = _pattern(r"[a-z0-9][a-z0-9-]{0,79}", "“{input}” is not a key: use lower-case letters, digits and hyphens, at most 80.")
    return fields.String(validate=check, **kwargs)


def _url(**kwargs: Any) -> fields.Field:
    check = validate.URL(schemes={"http", "https"}, require_tld=True, error="“{input}” is not an http(s) address.")
    return fields.String(validate=[validate.Length(max=2000), check], **kwargs)


def _share(**kwargs: Any) -> fields.Field:
    return Checked(_read_share, **kwargs)


def _read_share(text: str) -> str:
    if not re.fullmatch(r"0(\.\d{1,6})?|1(\.0{1,6})?", text, re.ASCII):
        raise Refused(f"“{text[:40]}” is not a share: write a decimal from 0 to 1, such as 0.6.")
    return text


def _read_amount(text: str) -> str:
    if not _AMOUNT.fullmatch(text):
        raise Refused(f"“{text[:40]}” is not an amount: write digits only, such as 40000000000 or 200.41.")
    return text


_SPECIAL: dict[Any, Any] = {
    Text: lambda **kw: PlainText(LINE, **kw),
    Prose: lambda **kw: PlainText(PROSE, **kw),
    Slug: _slug,
    When: lambda **kw: Checked(read_when, **kw),
    Day: lambda **kw: Checked(read_day, **kw),
    Share: _share,
    Url: _url,
    ScopePath: lambda **kw: fields.String(
        validate=_pattern(r"[a-z0-9_-]+(\.[a-z0-9_-]+){0,4}", "“{input}” is not a path such as budgets.china-2025.money."), **kw
    ),
    RuleName: lambda **kw: fields.String(validate=validate.OneOf(list(RULES), error="“{input}” is not one of: {choices}."), **kw),
    Jurisdiction: lambda **kw: Checked(check_jurisdiction, **kw),
    TimeZone: lambda **kw: Checked(lambda name: zone(name).key, **kw),
    str: lambda **kw: PlainText(LINE, **kw),
    int: lambda **kw: fields.Integer(strict=True, validate=validate.Range(min=0, max=10**15), **kw),
    bool: lambda **kw: YesNo(**kw),
}


class YesNo(fields.Boolean):
    """True or false, and nothing that only resembles them."""

    def _deserialize(self, value: Any, attr: str | None, data: Any, **kwargs: Any) -> bool:
        if not isinstance(value, bool):
            raise self.make_error("invalid", input=value)
        return value


def field_for(hint: Any, *, required: bool, allow_none: bool = False, **kwargs: Any) -> fields.Field:
    """The marshmallow field for a type hint of an event; null is taken only where the hint has None."""
    if get_origin(hint) is NotRequired:
        return field_for(get_args(hint)[0], required=False)
    arguments = [a for a in get_args(hint) if a is not type(None)]
    if get_origin(hint) in (Union, types.UnionType):
        return field_for(arguments[0], required=False, allow_none=True)
    kwargs |= {"required": required, "allow_none": allow_none}
    if hint in _SPECIAL:
        return _SPECIAL[hint](**kwargs)
    if get_origin(hint) is Literal:
        return fields.String(validate=validate.OneOf(arguments, error="“{input}” is not one of: {choices}."), **kwargs)
    if get_origin(hint) is list:
        item = field_for(arguments[0], required=True)
        return fields.List(
            item, validate=[validate.Length(min=1, max=100, error="has at least one item, and at most 100."), _each_once], **kwargs
        )
    if is_typeddict(hint):
        return fields.Nested(typed_schema(hint), **kwargs)
    if get_origin(hint) is dict:
        return fields.Dict(keys=fields.String(), **kwargs)
    raise TypeError(f"no field for {hint!r}")


def _each_once(items: list[Any]) -> None:
    """A list names each thing once: each chip, each holder, each place."""
    names = [item.get("chip") or item.get("holder") or repr(item) if isinstance(item, dict) else item for item in items]
    twice = next((name for n, name in enumerate(names) if name in names[:n]), None)
    if twice is not None:
        raise ValidationError(f"names “{str(twice)[:60]}” twice.")


@lru_cache
def typed_schema(hint: Any) -> type[Schema]:
    """The schema of a TypedDict."""
    members = get_type_hints(hint, include_extras=True)
    made = {name: field_for(member, required=name in hint.__required_keys__) for name, member in members.items()}
    if hint.__name__ in ALWAYS_WHOLE:
        for name in hint.__optional_keys__:
            made[name].load_default = None
    if hint.__name__ == "Money":
        made["amount"] = Checked(_read_amount, required=True)
        made["currency"] = fields.String(required=True, validate=_pattern("[A-Z]{3}", "“{input}” is not a currency such as USD."))
    return Strict.from_dict(made, name=f"Posted{hint.__name__}")


def _required(kind: type[Entry], name: str) -> bool:
    field = kind.__dataclass_fields__[name]
    return field.default is field.default_factory  # both MISSING: no default of either sort


def _members(kind: type[Entry], names: tuple[str, ...]) -> dict[str, fields.Field]:
    hints = get_type_hints(kind)
    return {name: field_for(hints[name], required=_required(kind, name)) for name in names if name not in kind.filled_in}


@lru_cache
def schema_of(kind: type[Entry]) -> Schema:
    """The schema of an entry of that kind, as posted and as written in a matter's file."""
    made = _members(kind, ENVELOPE)
    made["matter"] = _slug(required=False)
    made["kind"] = fields.String(required=True, validate=validate.Equal(kind.__name__))
    made["occurred"] = Checked(read_words, required=not issubclass(kind, Amendment))
    details = _members(kind, details_of(kind))
    if issubclass(kind, Amendment):
        made |= details
    elif details:
        required = any(field.required for field in details.values())
        nested = Strict.from_dict(details, name=f"{kind.__name__}Details")
        made["details"] = fields.Nested(nested, required=required)
    return Strict.from_dict(made, name=kind.__name__)()


def kind_named(name: Any) -> type[Entry]:
    """The kind of that stored name; raises `Refused` naming the nearest."""
    if not isinstance(name, str) or name not in KINDS:
        from difflib import get_close_matches

        near = get_close_matches(str(name), KINDS, n=1, cutoff=0.5)
        hint = f" Did you mean {near[0]}?" if near else f" Known kinds: {', '.join(sorted(KINDS))}."
        raise Refused(f"“{str(name)[:60]}” is not a kind of entry.{hint}", "kind")
    return KINDS[name]
