"""POST /api/v1/count: the deadline calculus for scripts, each field, each problem at its pointer."""

import pytest

BODY = {"start": "2025-01-20", "length": 75}


def count(api, status=200, **body):
    response = api.post("/api/v1/count", json=body)
    assert response.status_code == status, response.get_data(as_text=True)
    return response.get_json(force=True)


def test_the_answer_has_the_date_the_rule_the_authority_the_steps_and_the_rest(api):
    body = count(api, **BODY)
    assert list(body) == [
        "due", "rule", "authority", "steps", "earliest", "latest", "nominal", "skipped", "cautions", "due_is", "ends", "zone", "known_on",
        "days_left", "working_days_left",
    ]  # fmt: skip
    assert (body["due"], body["rule"], body["known_on"], body["due_is"]) == ("2025-04-05", "calendar", "2026-11-24", "last day")
    assert body["steps"][-1] == "Plain calendar days: weekends and holidays count, and the last day does not roll."


@pytest.mark.parametrize("unit", ["business days", "business day", "working days", "working day"])
def test_a_unit_is_taken_by_each_of_its_names(api, unit):
    assert count(api, start="2026-11-24", length=3, unit=unit)["due"] == "2026-11-30"  # the 26th is Thanksgiving


@pytest.mark.parametrize(
    ("unit", "due"), [("day", "2025-01-21"), ("week", "2025-01-27"), ("month", "2025-02-20"), ("year", "2026-01-20")]
)
def test_a_unit_may_stand_in_the_singular(api, unit, due):
    assert count(api, start="2025-01-20", length=1, unit=unit)["due"] == due
    assert count(api, start="2025-01-20", length=1, unit=unit + "s")["due"] == due


def test_a_local_time_is_taken_in_its_zone(api):
    hours = {"length": 72, "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}
    local = count(api, start="2026-03-27T12:00", **hours)
    assert local["due"] == local["ends"] == "2026-03-30T13:00:00+02:00"
    assert count(api, start="2026-03-27T11:00Z", **hours)["due"] == local["due"]
    assert "clocks went forward" in " ".join(local["steps"])


def test_an_uncertain_trigger_gives_a_span(api):
    body = count(api, start="2025-03", length=30, zone="America/New_York")
    assert (body["due"], body["earliest"], body["latest"]) == ("2025-03-31/2025-04-30", "2025-03-31", "2025-04-30")
    assert body["ends"] == "2025-05-01T00:00:00-04:00"
    assert count(api, start="../2025-03", length=30)["earliest"] is None


def test_a_count_is_asked_as_known_on_a_day(api):
    asked = {"start": "2018-11-20", "length": 15, "rule": "1-cfr-18.17"}
    then, now = count(api, **asked, known_on="2018-11-20"), count(api, **asked)
    assert (then["due"], now["due"], now["nominal"]) == ("2018-12-05", "2018-12-06", "2018-12-05")
    assert (then["skipped"], [each["day"] for each in now["skipped"]]) == ([], ["2018-12-05"])


def test_days_left_are_counted_from_today_in_the_zone(api):
    # it is noon of Tuesday, 24 November 2026, in UTC; Thursday is Thanksgiving
    ahead = count(api, start="2026-11-20", length=14)
    assert (ahead["due"], ahead["days_left"], ahead["working_days_left"]) == ("2026-12-04", 10, 7)
    assert count(api, start="2026-11-20", length=14, zone="Pacific/Kiritimati")["days_left"] == 9
    assert count(api, start="2026-11-20", length=14, jurisdiction="DE")["working_days_left"] == 8
    assert count(api, start="2026-11-20", length=4)["days_left"] == 0
    assert count(api, start="2026-11-20", length=3)["days_left"] is None


def test_an_hour_that_has_passed_today_leaves_no_days(api):
    hours = {"length": 1, "unit": "hours", "rule": "real-hours"}
    assert count(api, start="2026-11-24T10:59Z", **hours)["days_left"] is None
    assert count(api, start="2026-11-24T11:01Z", **hours)["days_left"] == 0


def test_a_caution_is_told_beside_the_steps_and_among_them(api):
    body = count(api, start="2018-11-21", length=14, rule="frcp-6a")
    assert body["due"] == "2018-12-05"
    assert len(body["cautions"]) == 1
    assert body["cautions"][0] in body["steps"]


@pytest.mark.parametrize("name", ["jurisdiction", "zone", "known_on"])
def test_null_is_as_good_as_left_out(api, name):
    assert count(api, **BODY, **{name: None}) == count(api, **BODY)


@pytest.mark.parametrize(
    ("wrong", "pointer"),
    [
        ({"start": "soon"}, "/start"),
        ({"start": ""}, "/start"),
        ({"start": 20250120}, "/start"),
        ({"start": None}, "/start"),
        ({"start": "2025-01-20T10:00", "unit": "hours", "rule": "real-hours"}, "/start"),
        ({"start": "2026-03-29T02:30", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "/start"),
        ({"start": "2026-10-25T02:30", "unit": "hours", "rule": "real-hours", "zone": "Europe/Berlin"}, "/start"),
        ({"unit": "hours", "rule": "real-hours"}, "/start"),
        ({"length": 36_526}, "/length"),
        ({"length": 1.5}, "/length"),
        ({"length": True}, "/length"),
        ({"length": 10, "start": "2999-12-30"}, "/length"),
        ({"unit": "fortnights"}, "/unit"),
        ({"unit": "hours"}, "/unit"),
        ({"rule": "1-cfr-18.17", "before": True}, "/before"),
        ({"before": "yes"}, "/before"),
        ({"counting": "since"}, "/counting"),
        ({"rule": "1-cfr-18.17", "counting": "from"}, "/counting"),
        ({"jurisdiction": "Atlantis"}, "/jurisdiction"),
        ({"jurisdiction": "US-XX"}, "/jurisdiction"),
        ({"rule": "eu-1182-71", "jurisdiction": "US"}, "/jurisdiction"),
        ({"zone": "Mars/Base"}, "/zone"),
        ({"zone": ""}, "/zone"),
        ({"no_roll": "no"}, "/no_roll"),
        ({"inaccessible": ["2025-04-04"]}, "/inaccessible"),
        ({"rule": "frcp-6a", "inaccessible": ["monday"]}, "/inaccessible"),
        ({"rule": "frcp-6a", "inaccessible": ["2025-04-04"] * 61}, "/inaccessible"),
        ({"due_is": "someday"}, "/due_is"),
        ({"known_on": "2999-01-01"}, "/known_on"),
        ({"known_on": "2025"}, "/known_on"),
        ({"until": "2025-04-05"}, "/until"),
    ],
)  # fmt: skip
def test_each_problem_is_told_at_its_pointer_and_gives_no_date(api, wrong, pointer):
    response = api.post("/api/v1/count", json=BODY | wrong)
    assert (response.status_code, response.mimetype) == (422, "application/problem+json")
    problem = response.get_json(force=True)
    assert [error["pointer"] for error in problem["errors"]] == [pointer]
    assert len(problem["errors"][0]["detail"]) > 10
    assert "due" not in problem


def test_anybody_may_count_and_nothing_is_stored(site):
    before = site.book.log.size()
    assert site.client().post("/api/v1/count", json=BODY).status_code == 200
    assert site.book.log.size() == before
