"""The app over the bundled matters, made once."""

import pytest

from web.app import create_app


@pytest.fixture(scope="session")
def app(bundled):
    """The app over it."""
    return create_app(bundled.daybook)


@pytest.fixture
def api(app):
    """A client."""
    return app.test_client()
