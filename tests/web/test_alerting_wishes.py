"""The pages of preferences, saved filters and secret addresses."""

import re

import pytest

from tests.web.alerting_houses import HOME, NEW, AlertingHouse, at_field, main, policy_form
from tests.web.houses import text


@pytest.fixture
def house(book):
    return AlertingHouse(book)


@pytest.fixture
def reader(house):
    return house.browser("reader")


# Preferences


def test_preferences_are_kept_and_a_city_is_understood(house, reader):
    form = {"time_zone": "berlin", "quiet_from": "22:00", "quiet_until": "07:30", "digest_at": "09:15", "digest_day": "4"}
    assert reader.post(f"{HOME}/preferences", form).location == f"{HOME}?done=preferences"
    page = main(reader.get(HOME))
    assert "Times are in Europe/Berlin." in page
    assert "22:00 to 07:30" in page
    assert "daily at 09:15; weekly on Friday at 09:15" in page


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"time_zone": "Nowhere/Land"}, "time_zone", "is not a time zone"),
        ({"quiet_from": "25:00", "quiet_until": "07:00"}, "quiet_from", "Give a time such as 22:00."),
        ({"quiet_from": "22:00"}, "quiet_until", "Quiet hours have a beginning and an end."),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "quiet_until", "would never end"),
        ({"digest_at": "8"}, "digest_at", "Give a time such as 22:00."),
        ({"digest_day": "9"}, "digest_day", "Choose a day of the week."),
    ],
)
def test_wrong_preferences_come_back_at_their_field(house, reader, typed, field, told):
    form = {"time_zone": "UTC", "quiet_from": "", "quiet_until": "", "digest_at": "08:00", "digest_day": "0"} | typed
    response = reader.post(f"{HOME}/preferences", form)
    assert response.status_code == 422
    assert told in at_field(response, field)
    assert all(f'value="{value}"' in text(response) for name, value in form.items() if value and name != "digest_day")
    assert house.alerts.wishes.of(house.ids["reader"]).time_zone == "UTC"


# Saved filters and secret addresses


def test_a_filter_is_made_shown_changed_and_deleted(house, reader):
    made = reader.post(f"{HOME}/filters/new", {"name": "Clouds", "about": "matter:cloud", "words": "reply", "kind": ""})
    assert made.location == f"{HOME}?done=filter"
    (saved,) = house.alerts.filters.of(house.ids["reader"])
    page = reader.get(f"{HOME}/filters/{saved.id}")
    assert "The reply window" in main(page)
    assert "The comments window" not in main(page).partition("Change it")[0]
    feeds = re.findall(r'href="(/(?:deadlines\.ics|feed\.(?:atom|json))\?[^"]+)"', text(page))
    assert len(feeds) == 3
    assert all(reader.get(feed).status_code == 200 for feed in feeds)
    assert f'href="{NEW}?filter={saved.id}"' in text(page)
    reader.post(f"{HOME}/filters/{saved.id}", {"name": "Skies", "about": "everything", "words": "", "kind": ""})
    assert house.alerts.filters.get(saved.id, house.ids["reader"]).name == "Skies"
    assert reader.post(f"{HOME}/filters/{saved.id}/delete").location == f"{HOME}?done=filter-gone"
    assert house.alerts.filters.of(house.ids["reader"]) == []


@pytest.mark.parametrize(
    ("typed", "field", "told"),
    [
        ({"name": ""}, "name", "The name is empty."),
        ({"about": "matter:nowhere"}, "about", "nowhere"),
        ({"about": "filter:x"}, "about", "A filter is not made of another."),
        ({"kind": "Nonsense"}, "kind", "Nonsense"),
    ],
)
def test_a_wrong_filter_comes_back_at_its_field(house, reader, typed, field, told):
    response = reader.post(
        f"{HOME}/filters/new", {"name": "Kept", "about": "everything", "words": "kept words", "kind": ""} | typed
    )
    assert response.status_code in (404, 422)
    assert told in at_field(response, field)
    assert 'value="kept words"' in text(response)
    assert house.alerts.filters.of(house.ids["reader"]) == []


def test_a_filter_that_is_used_is_not_deleted_and_the_page_says_by_what(house, reader):
    saved = house.alerts.filters.keep({"name": "Clouds", "about": {}}, house.ids["reader"])
    reader.post(NEW, policy_form(house.page_id("reader"), about=f"filter:{saved.id}", name="Its policy"))
    told = reader.post(f"{HOME}/filters/{saved.id}/delete")
    assert told.status_code == 409
    assert "The policy “Its policy” uses this filter." in main(told)
    assert house.alerts.filters.of(house.ids["reader"]) == [saved]


def test_a_secret_address_is_shown_once_works_and_is_revoked(house, reader):
    made = reader.post(f"{HOME}/addresses/new", {"name": "phone", "about": "matter:cloud", "words": "", "kind": ""})
    links = re.findall(r">(http://localhost(/s/[^<]+))</textarea>", text(made))
    assert [path.rpartition("/")[2] for _, path in links] == ["deadlines.ics", "feed.atom", "feed.json"]
    anybody = house.app.test_client()
    assert "The reply window" in anybody.get(links[0][1]).get_data(as_text=True)
    overview = reader.get(HOME)
    assert "phone" in main(overview)
    assert links[0][1].split("/")[2] not in text(overview)
    address = re.search(r"addresses/([^/]+)/revoke", text(overview))[1]
    assert house.browser("editor").post(f"{HOME}/addresses/{address}/revoke").status_code == 404
    assert reader.post(f"{HOME}/addresses/{address}/revoke").location == f"{HOME}?done=revoked"
    assert all(anybody.get(path).status_code == 404 for _, path in links)
    assert "1 address revoked earlier." in main(reader.get(HOME))


def test_a_secret_address_can_be_of_a_filter_and_needs_a_name(house, reader):
    saved = house.alerts.filters.keep({"name": "Clouds", "about": {"matter": "cloud"}}, house.ids["reader"])
    form = reader.get(f"{HOME}/addresses/new?filter={saved.id}")
    assert f'<option value="filter:{saved.id}" selected>' in text(form)
    typed = {"name": "", "about": f"filter:{saved.id}", "words": "", "kind": ""}
    assert "Give the address a name" in at_field(reader.post(f"{HOME}/addresses/new", typed), "name")
    assert "cloud" in main(reader.post(f"{HOME}/addresses/new", typed | {"name": "phone"}))
