"""Is it alive, is it ready, and its metrics."""

import time

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from web.context import daybook, visitor

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> Response:
    """The store can be read; how much is in it is told to those who may read."""
    position = daybook().log.size()
    return jsonify(status="ready", **({"position": position} if visitor().may("read") else {}))


def measure(app: Flask) -> None:
    """Count and time the app's requests, and serve the figures at /metrics (of this process)."""
    registry = CollectorRegistry()
    requests = Counter("daybook_http_requests_total", "Requests answered", ("endpoint", "status"), registry=registry)
    seconds = Histogram("daybook_http_request_seconds", "Time to answer", ("endpoint",), registry=registry)
    events = Gauge("daybook_log_position", "Events in the log", registry=registry)

    @app.before_request
    def _begin() -> None:
        g.began = time.perf_counter()

    @app.after_request
    def _end(response: Response) -> Response:
        endpoint = request.endpoint or "none"
        requests.labels(endpoint, response.status_code).inc()
        seconds.labels(endpoint).observe(time.perf_counter() - g.get("began", time.perf_counter()))
        return response

    @app.get("/metrics")
    def metrics() -> Response:
        events.set(daybook().log.size())
        return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
