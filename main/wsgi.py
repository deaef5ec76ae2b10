"""The WSGI target for a server of one's own: `gunicorn --no-control-socket main.wsgi:app`."""

import os

from main.bootstrap import alerting, bootstrap
from main.settings import Settings
from web.app import create_app

settings = Settings.from_env(os.environ)
daybook = bootstrap(settings)
app = create_app(daybook, settings.base_url, settings.edge, settings.door, alerts=alerting(settings, daybook))
