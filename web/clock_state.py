"""The clock as seen from outside: in /readyz, in the metrics, and as a warning on the pages that rest on it."""

from collections.abc import Iterator

from flask import Flask, request
from prometheus_client import Metric
from prometheus_client.core import GaugeMetricFamily, HistogramMetricFamily

from alerts import pulse
from alerts.book import Alerts
from alerts.outbox import DROPPED, GIVEN_UP, SENT, WAITING
from alerts.pulse import SECOND, START, Beat
from web.context import alerting, visitor

WARNS = ("/", "/alerts", "/deadlines", "/account/alerts")
"""The pages that warn where the clock stands still."""


def beat() -> Beat:
    """Whether the clock ticks, now."""
    return pulse.beat(alerting(), alerting().clock())


def register(app: Flask) -> None:
    """Let pages warn."""
    app.jinja_env.globals["clock_warning"] = clock_warning


def clock_warning() -> str | None:
    """What a page says where the clock stands still, to an admin with what to do; None where all is well, and on pages that do not rest on it."""
    told = beat().warning if request.path in WARNS else None
    return told if told is None or visitor().may("manage") else told.replace(START, "Tell whoever runs this daybook.")


class ClockCollector:
    """Figures of alerting, read from the tables whenever they are asked for, so that every process tells the same."""

    def __init__(self, app: Flask) -> None:
        self._app = app

    def describe(self) -> list[Metric]:
        """Nothing is asked of the store before somebody asks for the figures."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The clock's last tick, how late messages were, how many there are in each state, and how long the oldest has waited."""
        alerts: Alerts = self._app.extensions["alerts"]
        its = pulse.pulse(alerts, alerts.clock())
        if its.beat.last_tick is not None:
            told = "When the clock last looked, in seconds since 1970"
            yield GaugeMetricFamily("daybook_clock_last_tick_timestamp_seconds", told, its.beat.last_tick / SECOND)
        yield _lateness(alerts)
        yield _states(alerts)
        held = "Alerts that wait for quiet hours, a digest or the end of a snooze"
        yield GaugeMetricFamily("daybook_alert_outbox_waiting", held, its.held)
        oldest = "How long ago the oldest message that waits was to be sent; 0 where none waits"
        yield GaugeMetricFamily("daybook_alert_oldest_waiting_seconds", oldest, (its.oldest or 0) / SECOND)


def _lateness(alerts: Alerts) -> Metric:
    counts, total = pulse.lateness(alerts)
    bounds = [*(f"{seconds:.1f}" for seconds in pulse.BUCKETS), "+Inf"]
    told = "Seconds from when a message was to be sent to when it was"
    return HistogramMetricFamily("daybook_alert_lateness_seconds", told, list(zip(bounds, counts, strict=True)), total)


def _states(alerts: Alerts) -> Metric:
    family = GaugeMetricFamily("daybook_alert_messages", "Messages by how they stand", labels=["state"])
    found = pulse.message_states(alerts)
    for state in (WAITING, SENT, GIVEN_UP, DROPPED):
        family.add_metric([state], found.get(state, 0))
    return family
