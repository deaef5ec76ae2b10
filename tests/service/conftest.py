"""People beside the log, with hashes that cost little."""

import pytest
from argon2 import PasswordHasher

from service.people import People

QUICK = {"time_cost": 1, "memory_cost": 8, "parallelism": 1}
PASSWORD = "four words in a row"


class Counting(PasswordHasher):
    """Counts what it verifies."""

    def __init__(self, **cost):
        super().__init__(**cost)
        self.verified = []

    def verify(self, hash, password):
        self.verified.append(hash)
        return super().verify(hash, password)


@pytest.fixture
def hasher():
    return Counting(**QUICK)


@pytest.fixture
def people(book, hasher):
    return People(book.log.recorder, book.clock, hasher)


@pytest.fixture
def admin(people):
    return people.accounts.add("Ann Lee", "admin", "shell", PASSWORD).id


@pytest.fixture
def bob(people, admin):
    return people.accounts.add("bob", "recorder", admin, PASSWORD).id
