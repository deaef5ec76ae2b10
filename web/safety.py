"""Response headers as OWASP recommends, a Content-Security-Policy without scripts of others, and an id for every request."""

import re
import secrets

from flask import Flask, Response, current_app, g, request

_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; "
    "connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
_DOCS_POLICY = _POLICY.replace("style-src 'self'", "style-src 'self' 'unsafe-inline'")
"""Swagger UI writes its own <style>; only its page may."""
_POWERS = (
    "accelerometer", "autoplay", "camera", "display-capture", "encrypted-media", "fullscreen", "geolocation", "gyroscope", "hid",
    "magnetometer", "microphone", "midi", "payment", "picture-in-picture", "publickey-credentials-get", "screen-wake-lock",
    "serial", "usb", "xr-spatial-tracking",
)  # fmt: skip
"""What a browser can do and no page of ours asks for."""
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "X-Permitted-Cross-Domain-Policies": "none",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Embedder-Policy": "require-corp",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": ", ".join(f"{power}=()" for power in _POWERS),
}
HSTS = "max-age=31536000; includeSubDomains"
_WELL_FORMED = re.compile(r"[A-Za-z0-9._-]{8,64}")


def register(app: Flask) -> None:
    """Give every request an id and every response the headers; to be registered first of all."""
    app.before_request(_identify)
    app.after_request(_secure)


def _identify() -> None:
    """The asker's own id where it is well formed, so that his log and ours can be read together; else a new one."""
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if _WELL_FORMED.fullmatch(given) else secrets.token_hex(8)


def _secure(response: Response) -> Response:
    headers = response.headers
    headers["Content-Security-Policy"] = _DOCS_POLICY if request.path.startswith("/api/v1/docs") else _POLICY
    for name, value in HEADERS.items():
        headers[name] = value
    if "Access-Control-Allow-Origin" in headers:
        headers["Cross-Origin-Resource-Policy"] = "cross-origin"
    if current_app.config["BASE_URL"].startswith("https://"):
        headers["Strict-Transport-Security"] = HSTS
    headers["X-Request-Id"] = g.get("request_id", "")
    return response
