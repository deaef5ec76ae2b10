"""The types of problems: one for each class of refusal, told by its docstring, and one for each other HTTP error that we answer."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from domain.errors import BadValue, Forbidden, NotFound, Outdated, Refused, RuleBroken, SignInNeeded, TooMany, VersionNeeded
from importers.entries import BadEntry

_STATUSES: tuple[tuple[type[Refused], int], ...] = (
    (NotFound, 404),
    (RuleBroken, 409),
    (SignInNeeded, 401),
    (Forbidden, 403),
    (Outdated, 412),
    (VersionNeeded, 428),
    (TooMany, 429),
)
_REMEDIES = {
    400: "Send it again in the form that the OpenAPI document describes.",
    401: "Sign in, or send a token of yours as Authorization: Bearer.",
    403: "Ask somebody who may, or use a token with the scope that it takes.",
    404: "Look at the name again, or ask at a later point: it may not have been known on the day asked about.",
    405: "Use one of the methods that the Allow header names.",
    406: "Ask for one of the types that the answer lists, or send no Accept header.",
    409: "See which rule the detail names, and what is already on record; then change the entry, or record first what it rests on.",
    412: "Read the matter again, look at what has changed, and send yours with the new version.",
    413: "Send less in one request.",
    414: "Ask with fewer or shorter parameters.",
    415: "Send the body as application/json, in UTF-8 and not compressed.",
    416: "Ask for a range within the file, or for all of it.",
    422: "Each item of errors names a parameter or a pointer into the body, and says what it takes.",
    428: "Send If-Match with the version of the matter that you have read.",
    429: "Wait for as many seconds as Retry-After says.",
    500: "Try again; if it stays, tell who runs this daybook the request id.",
    503: "Try again after as many seconds as Retry-After says.",
}
_OWN_REMEDIES = {
    "key-reused": "Send each new request with a new Idempotency-Key, and only a repeated one with the same.",
    "written-meanwhile": "Send it again.",
}
_HTTP = (
    ("bad-request", 400, "The request could not be read."),
    ("method-not-allowed", 405, "This address does not take that method."),
    ("not-acceptable", 406, "There is no such form of this answer."),
    ("content-too-large", 413, "That is more than fits into one request."),
    ("uri-too-long", 414, "The address is too long."),
    ("unsupported-media-type", 415, "The body is of a type that is not read here."),
    ("range-not-satisfiable", 416, "There is no such part of the file."),
    ("internal-server-error", 500, "Something went wrong here; nothing was changed. It has been logged."),
    ("service-unavailable", 503, "The store cannot be read just now; try again in a moment."),
)


@dataclass(frozen=True)
class ProblemType:
    """A kind of problem: its name in the address, its HTTP status, a short title, what it means and what to do."""

    name: str
    status: int
    title: str
    meaning: str
    remedy: str


def status_of(kind: type[Exception]) -> int:
    """404 for what is not there, 409 for a broken rule, …, 422 for any other refusal."""
    return next((status for parent, status in _STATUSES if issubclass(kind, parent)), 422)


def type_of(kind: type[Exception]) -> ProblemType:
    """The problem type of a class of refusal; an entry that cannot be read has that of a bad value."""
    kind = BadValue if issubclass(kind, BadEntry) else kind
    name = re.sub(r"(?<!^)(?=[A-Z])", "-", kind.__name__).lower()
    return _type(name, status_of(kind), " ".join((kind.__doc__ or "It was refused.").split()))


def _type(name: str, status: int, meaning: str) -> ProblemType:
    return ProblemType(name, status, meaning.partition(". ")[0].rstrip("."), meaning, _OWN_REMEDIES.get(name) or _REMEDIES[status])


_BY_STATUS = {status: type_of(kind) for kind, status in _STATUSES} | {422: type_of(BadValue)}
_BY_STATUS |= {status: _type(name, status, meaning) for name, status, meaning in _HTTP}


def type_of_status(status: int) -> ProblemType:
    """The problem type of an HTTP error that no class of ours stands for."""
    return _BY_STATUS.get(status) or _BY_STATUS[400 if status < 500 else 500]


def refusals(kind: type[Refused] = Refused) -> Iterator[type[Refused]]:
    """Every class of refusal that is loaded."""
    for child in kind.__subclasses__():
        yield child
        yield from refusals(child)


def every_type() -> dict[str, ProblemType]:
    """All problem types by name, in the order of their status."""
    found = {each.name: each for each in (*_BY_STATUS.values(), *map(type_of, refusals()))}
    return dict(sorted(found.items(), key=lambda named: (named[1].status, named[0])))
