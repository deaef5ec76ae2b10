"""How much one asker may ask: a moving window for reading and one for writing, in the memory of this process."""

import math
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from ipaddress import ip_address, ip_network
from threading import Lock

from flask import Flask, Response, g, request
from limits import RateLimitItem, parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from domain.errors import BadValue, TooMany
from web.context import visitor
from web.problems import answer_to

READING = "reading"
WRITING = "writing"
OFF = "off"
FREE = ("static", "health.healthz", "health.readyz")
"""Endpoints that cost nothing and that watchers must always reach."""
MOST_ASKERS = 10_000
"""How many askers are remembered; beyond that the one not seen for longest is forgotten."""


def read_limit(text: str, name: str) -> RateLimitItem | None:
    """A limit such as `30000/minute`, or None for `off`; raises `BadValue` naming the setting."""
    if text == OFF:
        return None
    try:
        limit = parse(text)
    except ValueError:
        limit = None
    if limit is None or limit.amount < 1:
        raise BadValue(f"{name} is a limit such as 30000/minute, or off, not “{text[:40]}”.", name)
    return limit


@dataclass
class Budgets:
    """What each asker has left. The least recently seen is forgotten once there are too many."""

    limits: dict[str, RateLimitItem | None]
    most: int = MOST_ASKERS
    _storage: MemoryStorage = field(default_factory=MemoryStorage)
    _seen: "OrderedDict[str, RateLimitItem]" = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def spend(self, budget: str, asker: str) -> "Spent | None":
        """Take one request from a budget; None where it has no limit."""
        limit = self.limits[budget]
        if limit is None:
            return None
        window = MovingWindowRateLimiter(self._storage)
        allowed = window.hit(limit, budget, asker)
        stats = window.get_window_stats(limit, budget, asker)
        self._remember(limit.key_for(budget, asker), limit)
        wait = max(1, math.ceil(stats.reset_time - time.time()))
        return Spent(budget, limit.amount, limit.get_expiry(), stats.remaining, wait, allowed)

    def _remember(self, key: str, limit: RateLimitItem) -> None:
        with self._lock:
            self._seen[key] = limit
            self._seen.move_to_end(key)
            while len(self._seen) > self.most:
                forgotten, _ = self._seen.popitem(last=False)
                self._storage.clear(forgotten)

    def __len__(self) -> int:
        return len(self._seen)


@dataclass(frozen=True)
class Spent:
    """A budget after a request: its size, window and wait in seconds, what is left, and whether this request was within it."""

    budget: str
    amount: int
    seconds: int
    left: int
    wait: int
    allowed: bool

    def error(self) -> TooMany:
        """The refusal of a request beyond the budget."""
        return TooMany(
            f"That is more than {self.amount:,} requests in {self.seconds} seconds. Wait {self.wait} seconds.", self.wait
        )


def register(app: Flask, budgets: Budgets) -> None:
    """Count every request; to be registered after whoever finds out who asks."""
    app.extensions["budgets"] = budgets

    @app.before_request
    def _count() -> None:
        g.spent = _spend(budgets)
        if g.spent and not g.spent.allowed:
            raise g.spent.error()

    @app.after_request
    def _tell(response: Response) -> Response:
        """Also counts a request that was refused before it came to be counted, such as one with a wrong token."""
        if "spent" not in g:
            g.spent = _spend(budgets)
            if g.spent and not g.spent.allowed:
                response = answer_to(g.spent.error())
        if g.spent:
            name = g.spent.budget
            response.headers["RateLimit-Policy"] = f'"{name}";q={g.spent.amount};w={g.spent.seconds}'
            response.headers["RateLimit"] = f'"{name}";r={g.spent.left};t={g.spent.wait}'
        return response


def _spend(budgets: Budgets) -> Spent | None:
    if request.endpoint in FREE:
        return None
    return budgets.spend(READING if request.method in ("GET", "HEAD", "OPTIONS") else WRITING, _asker())


def _asker() -> str:
    """The account, else the address; of IPv6 the network of 64 bits, all of which one asker has to himself."""
    if visitor().account:
        return f"account:{visitor().account}"
    try:
        address = ip_address(request.remote_addr or "")
    except ValueError:
        return "address:unknown"
    return f"address:{address if address.version == 4 else ip_network((address, 64), strict=False)}"
