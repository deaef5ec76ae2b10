"""What the tests of alerting share."""

import pytest

from tests.alerts.houses import House
from tests.alerts.receivers import http_receiver


@pytest.fixture
def house(book):
    with http_receiver() as hook:
        book.clock.set(2025, 3, 1, 16)
        book.open("m")
        yield House(book, hook)


@pytest.fixture
def asked(house):
    """Given a window due 5 April 2025, and ann who asked for the usual ladder; the clock ran on 5 March."""
    house.window("2025-04-05")
    house.ask()
    house.at(3, 5)
    assert house.told() == []
    return house
