"""Response headers as OWASP recommends, and a Content-Security-Policy without scripts of others."""

import secrets

from flask import Flask, Response, g, request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DOCS_POLICY = _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Swagger UI writes its own <style>; only its page may."""


def register(app: Flask) -> None:
    """Give every request an id and every response the headers."""
    app.before_request(_identify)
    app.after_request(_secure)


def _identify() -> None:
    g.request_id = secrets.token_hex(8)


def _secure(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _DOCS_POLICY if request.path.startswith("/api/v1/docs") else _POLICY
    headers["X-Content-Type-Options"] = "nosniff"
    headers["Referrer-Policy"] = "no-referrer"
    headers["Cross-Origin-Opener-Policy"] = "same-origin"
    headers["Permissions-Policy"] = "camera=(), geolocation=(), microphone=()"
    headers["X-Request-Id"] = getattr(g, "request_id", "")
    if not request.path.startswith("/static/"):
        headers.setdefault("Cache-Control", "no-cache")
    return response
