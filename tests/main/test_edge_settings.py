"""The settings of how the web meets the outside."""

import pytest

from domain.errors import BadValue
from main.settings import Settings


def edge(**environ):
    return Settings.from_env(environ).edge


def test_by_default_no_other_site_no_proxy_and_the_documented_limits():
    its = edge()
    assert (its.origins, its.proxies) == ((), 0)
    assert (its.reading.amount, its.reading.get_expiry()) == (30000, 60)
    assert (its.writing.amount, its.writing.get_expiry()) == (12000, 60)


def test_each_can_be_set():
    its = edge(
        DAYBOOK_CORS_ORIGINS="https://news.example, http://localhost:3000",
        DAYBOOK_LIMIT_READING="off",
        DAYBOOK_LIMIT_WRITING="10/second",
        DAYBOOK_PROXIES="2",
    )
    assert its.origins == ("https://news.example", "http://localhost:3000")
    assert its.reading is None
    assert (its.writing.amount, its.writing.get_expiry()) == (10, 1)
    assert its.proxies == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("DAYBOOK_CORS_ORIGINS", "*"),
        ("DAYBOOK_CORS_ORIGINS", "https://*.example"),
        ("DAYBOOK_CORS_ORIGINS", "https://news.example/path"),
        ("DAYBOOK_CORS_ORIGINS", "news.example"),
        ("DAYBOOK_CORS_ORIGINS", "https://user@news.example"),
        ("DAYBOOK_CORS_ORIGINS", "null"),
        ("DAYBOOK_LIMIT_READING", "many"),
        ("DAYBOOK_LIMIT_WRITING", "0/minute"),
        ("DAYBOOK_PROXIES", "-1"),
        ("DAYBOOK_PROXIES", "11"),
    ],
)
def test_a_wrong_one_is_named(name, text):
    with pytest.raises(BadValue) as refused:
        edge(**{name: text})
    assert refused.value.field == name
