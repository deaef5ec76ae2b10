"""Is it alive, is it ready, and its metrics."""

import time

from flask import Blueprint, Flask, Response, g, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, Histogram, generate_latest

from alerts.pulse import beat_shown
from web.clock_state import ClockCollector, beat
from web.context import daybook, visitor

health = Blueprint("health", __name__)


@health.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify(status="ok")


@health.get("/readyz")
def readyz() -> Response:
    """The store can be read; how much is in it is told to those who may read. A clock that stands still keeps nobody from reading: still 200."""
    position = daybook().log.size()
    told = {"position": position} if visitor().may("read") else {}
    return jsonify(status="ready", **told, clock=beat_shown(beat()))


def measure(app: Flask) -> None:
    """Count and time the app's requests, and serve the figures at /metrics: those of requests are this process's, those of the clock everybody's."""
    registry = CollectorRegistry()
    requests = Counter("daybook_http_requests_total", "Requests answered", ("endpoint", "status"), registry=registry)
    seconds = Histogram("daybook_http_request_seconds", "Time to answer", ("endpoint",), registry=registry)
    events = Gauge("daybook_log_position", "Events in the log", registry=registry)
    registry.register(ClockCollector(app))

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
