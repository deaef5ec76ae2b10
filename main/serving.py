"""Starting the processes: web under gunicorn, the clock under APScheduler, or both in one."""

import errno
import signal
import socket
import sys
from typing import Any

from apscheduler.schedulers.background import BackgroundScheduler
from apscheduler.schedulers.blocking import BlockingScheduler
from gunicorn.app.base import BaseApplication

from alerts.book import Alerts
from alerts.clock import start
from domain.errors import BadValue
from main.bootstrap import alerting, bootstrap
from main.logs import configure
from main.patience import PatientWorker
from main.settings import Settings
from web.app import create_app


class Server(BaseApplication):
    """gunicorn with threads; the app is made in each worker, after the fork."""

    def __init__(self, settings: Settings, workers: int, with_clock: bool) -> None:
        self.settings = settings
        self.workers = workers
        self.with_clock = with_clock
        super().__init__()

    def load_config(self) -> None:
        """Our settings as gunicorn's."""
        host = f"[{self.settings.host}]" if ":" in self.settings.host else self.settings.host
        for name, value in {
            "bind": f"{host}:{self.settings.port}",
            "workers": self.workers,
            "worker_class": PatientWorker,
            "threads": self.settings.web_threads,
            "control_socket_disable": True,
            "limit_request_line": 8190,
            "graceful_timeout": 20,
            "timeout": 60,
            "when_ready": self._say_address,
            "loglevel": "warning",
        }.items():
            self.cfg.set(name, value)

    def _say_address(self, _server: Any) -> None:
        print(f"Daybook is at http://{self.settings.host}:{self.settings.port} (Ctrl-C stops it)", flush=True)

    def load(self) -> Any:
        """The WSGI app of a worker; with the clock beside it where it runs in the same process."""
        configure()
        daybook = bootstrap(self.settings)
        alerts = alerting(self.settings, daybook)
        if self.with_clock:
            start(BackgroundScheduler(timezone="UTC"), alerts, self.settings.tick)
        return create_app(daybook, self.settings.base_url, self.settings.edge, self.settings.door, alerts=alerts)


def _check_address(settings: Settings) -> None:
    """Say at once, and by name, when the address cannot be listened on; raises `BadValue`."""
    try:
        for family, kind, protocol, _, address in socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM):
            with socket.socket(family, kind, protocol) as tried:
                tried.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                tried.bind(address)
    except OSError as error:
        where = f"Cannot listen on {settings.host}, port {settings.port}"
        if error.errno == errno.EADDRINUSE:
            raise BadValue(f"{where}: something else listens there. Set PORT to another.", "PORT") from None
        raise BadValue(f"{where}: {error.strerror or error}.", "HOST") from None


def serve(settings: Settings) -> None:
    """Web and clock in one process."""
    _check_address(settings)
    Server(settings, workers=1, with_clock=True).run()


def web(settings: Settings) -> None:
    """The web, in several processes."""
    _check_address(settings)
    Server(settings, workers=settings.web_concurrency, with_clock=False).run()


def clock(alerts: Alerts, seconds: int) -> None:
    """The clock, until it is told to stop."""
    configure()
    scheduler = BlockingScheduler(timezone="UTC")
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: scheduler.shutdown(wait=False))
    print(f"The clock looks every {seconds} seconds.", flush=True)
    start(scheduler, alerts, seconds)
    sys.exit(0)
