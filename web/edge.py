"""How the web meets the outside, as settings decide it: origins of other sites, limits, proxies."""

from dataclasses import dataclass

from flask import Flask, Response
from flask_cors import CORS
from limits import RateLimitItem
from werkzeug.middleware.proxy_fix import ProxyFix

from web import limits
from web.limits import READING, WRITING, Budgets


@dataclass(frozen=True)
class Edge:
    """`origins` whose scripts may read the API; a limit for reading and one for writing (None for none); trusted `proxies`."""

    origins: tuple[str, ...] = ()
    reading: RateLimitItem | None = None
    writing: RateLimitItem | None = None
    proxies: int = 0


def trust_proxies(app: Flask, edge: Edge) -> None:
    """Take the asker's address from as many proxies as stand before us; from none, a header could claim any address."""
    if edge.proxies:
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=edge.proxies, x_proto=edge.proxies, x_host=0, x_prefix=0)


def limit(app: Flask, edge: Edge) -> None:
    """Set up the budgets; after whoever finds out who asks."""
    limits.register(app, Budgets({READING: edge.reading, WRITING: edge.writing}))


def open_to_origins(app: Flask, edge: Edge) -> None:
    """Let the scripts of the named sites read the API, never with a visitor's cookies."""
    if edge.origins:
        CORS(
            app,
            resources=r"/api/.*",
            origins=list(edge.origins),
            supports_credentials=False,
            allow_headers=["Authorization", "Content-Type", "Idempotency-Key", "If-Match", "If-None-Match", "X-Request-Id"],
            expose_headers=["ETag", "Link", "Location", "RateLimit", "RateLimit-Policy", "Retry-After", "X-Request-Id"],
            max_age=600,
        )
        app.after_request(_vary)


def _vary(response: Response) -> Response:
    """An answer to one site is no answer to another, also for a cache (flask-cors says so only where there are several)."""
    response.vary.add("Origin")
    return response
