"""What a cache may do with an answer: a strong ETag over it, 304 for who has it already, Vary, Cache-Control; and compression."""

import hashlib
import re

from flask import Flask, Response, g, request
from flask_compress import Compress

from web.context import visitor

ENCODINGS = ("br", "gzip")
_COMPRESSED = [
    "application/atom+xml", "application/feed+json", "application/json", "application/jsonl", "application/problem+json",
    "application/x-ndjson", "image/svg+xml", "text/calendar", "text/css", "text/csv", "text/html", "text/javascript", "text/plain",
]  # fmt: skip
_compress = Compress()


def register(app: Flask) -> None:
    """Finish every answer; to be registered before whatever changes a body, since these run in reverse."""
    app.config.update(
        COMPRESS_REGISTER=False,
        COMPRESS_ALGORITHM=list(ENCODINGS),
        COMPRESS_MIMETYPES=_COMPRESSED,
        COMPRESS_EVALUATE_CONDITIONAL_REQUEST=False,
    )
    _compress.init_app(app)
    app.after_request(_finish)


def never_kept(response: Response) -> Response:
    """For pages of one person alone: nobody finds them in a browser's memory after signing out."""
    response.headers["Cache-Control"] = "no-store"
    return response


def _finish(response: Response) -> Response:
    is_file = request.endpoint in ("static", "docs.swagger_file")
    response.vary.update(("Accept-Encoding",) if is_file else ("Accept", "Accept-Encoding", "Authorization", "Cookie"))
    response.headers.setdefault("Cache-Control", "private, no-cache" if visitor().account else "no-cache")
    if request.method not in ("GET", "HEAD") or response.status_code != 200:
        return _compressed(response)
    tag = _tag(response)
    held = _held(tag)
    if held:
        return _unchanged(response, held)
    response.set_etag(tag)
    return _compressed(response)


def _tag(response: Response) -> str:
    """The hash of the body before it is compressed; a matter's begins with its version, which If-Match takes."""
    form = (response.content_type or "").encode()
    digest = hashlib.blake2b(_whole(response), key=form[:64], digest_size=12).hexdigest()
    version = g.get("version")
    return digest if version is None else f"{version}-{digest}"


def _whole(response: Response) -> bytes:
    """The whole body. A file is closed as soon as it is read: a client that goes away must not leave it open."""
    response.direct_passthrough = False
    read_from = response.response
    body = response.get_data()
    if hasattr(read_from, "close"):
        read_from.close()
    return body


def _held(tag: str) -> str | None:
    """The tag under which the asker has this answer already: plain, or of a compressed copy of it."""
    wanted = request.headers.get("If-None-Match", "")
    if wanted.strip() == "*":
        return tag
    names = re.findall(r'"([^"]*)"', wanted)
    return next((name for name in (tag, *(f"{tag}:{coding}" for coding in ENCODINGS)) if name in names), None)


def _unchanged(response: Response, held: str) -> Response:
    response.set_etag(held)
    response.set_data(b"")
    response.status_code = 304
    for name in ("Content-Type", "Content-Length", "Content-Disposition"):
        response.headers.pop(name, None)
    return response


def _compressed(response: Response) -> Response:
    """Compressed where it is worth it; never a part of a file, nor a page with a token in it (BREACH)."""
    if response.status_code in (204, 206, 304) or _holds_token(response):
        return response
    return _compress.after_request(response)


def _holds_token(response: Response) -> bool:
    """Whether a page may hold a CSRF token; its length, compressed beside what a visitor typed, would give it away."""
    return response.mimetype == "text/html" and bool(visitor().account or g.get("csrf_token") or request.path == "/sign-in")
