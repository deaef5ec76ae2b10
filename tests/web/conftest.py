"""The app over the bundled matters, made once."""

import pytest

from main.bootstrap import bootstrap, load_bundled
from main.settings import Settings
from web.app import create_app


@pytest.fixture(scope="session")
def bundled(tmp_path_factory):
    """A daybook with the bundled matters; tests only read it."""
    folder = tmp_path_factory.mktemp("bundled")
    daybook = bootstrap(Settings.from_env({"DAYBOOK_DATA": str(folder)}), create=True)
    assert load_bundled(daybook) == 119
    yield daybook
    daybook.log.close()


@pytest.fixture(scope="session")
def app(bundled):
    """The app over it."""
    return create_app(bundled)


@pytest.fixture
def api(app):
    """A client."""
    return app.test_client()
