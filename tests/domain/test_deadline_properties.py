"""What holds of every count, whatever the period: Hypothesis looks for one of which it does not."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.deadlines import RULES, Calendar, Period, count
from domain.deadlines.closings import BY_LAW, BY_ORDER
from domain.when import plain_date

DAY = timedelta(days=1)
LENGTHS = {"days": 400, "business days": 60, "weeks": 60, "months": 40, "years": 6, "hours": 3000}
WHERE = {
    "calendar": ["US", "US-DC", "CN", "HK", "DE-BY", "HU"],
    "1-cfr-18.17": [None, "US", "US-MA"],
    "frcp-6a": [None, "US-MA", "US-DC", "US-CA"],
    "eu-1182-71": [None, "DE", "DE-BY", "FR", "HU", "LV", "IE"],
    "real-hours": [None],
}
ZONES = ["Europe/Berlin", "Europe/London", "America/New_York", "Asia/Shanghai", "Australia/Lord_Howe", "Pacific/Apia", "UTC"]
ROLLING = ["1-cfr-18.17", "frcp-6a", "eu-1182-71"]
DAYS = st.dates(date(2002, 1, 1), date(2060, 12, 31))
MOMENTS = st.integers(0, 65 * 366 * 24 * 3600).map(lambda seconds: datetime(1995, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds))


def every(*strategies):
    """A test of all of these; a first look at a calendar's year may take longer than Hypothesis allows."""
    return lambda test: settings(deadline=None)(given(*strategies)(test))


@st.composite
def periods(draw, rules=tuple(RULES), hours=True, before=None):
    """A period that its rule set knows."""
    rule = RULES[draw(st.sampled_from([name for name in rules if hours or name != "real-hours"]))]
    unit = draw(st.sampled_from([unit for unit in rule.units if hours or unit != "hours"]))
    way = draw(st.booleans()) if rule.before and before is None else bool(rule.before and before)
    start, zone = draw(DAYS).isoformat(), None
    if unit == "hours":
        start, zone = draw(MOMENTS).isoformat(), draw(st.sampled_from(ZONES))
    counting = draw(st.sampled_from(["after", "from"])) if rule.from_trigger else "after"
    length = draw(st.integers(1, min(20, LENGTHS[unit])) | st.integers(1, LENGTHS[unit]))
    where = draw(st.sampled_from(WHERE[rule.name]))
    return Period(start, length, unit, rule.name, way, counting, where, zone)


def due(period, known=None):
    """The one due date of a period."""
    return count(period, known).earliest


def later(period, days):
    """The same period from a later day."""
    return replace(period, start=(date.fromisoformat(period.start) + days * DAY).isoformat())


@every(periods())
def test_a_roll_never_moves_against_the_direction_of_the_count(period):
    result = count(period)
    nominal = type(result.earliest).fromisoformat(result.nominal)
    assert result.earliest <= nominal if period.before else result.earliest >= nominal


@every(periods(hours=False))
def test_a_period_ends_after_its_trigger_or_before_it_as_asked(period):
    start, end = date.fromisoformat(period.start), due(period)
    if period.counting == "from":
        assert end <= start if period.before else end >= start
    else:
        assert end < start if period.before else end > start


@every(periods(rules=["frcp-6a"], before=False), st.lists(st.integers(-3, 6), max_size=5), st.integers(-2, 4))
def test_a_further_inaccessible_day_never_shortens_a_forward_period(period, near, further):
    last = due(period)
    day = last.date() if isinstance(last, datetime) else last
    shut = tuple((day + n * DAY).isoformat() for n in near)
    more = (*shut, (day + further * DAY).isoformat())
    assert last <= due(replace(period, inaccessible=shut)) <= due(replace(period, inaccessible=more))
    assert due(replace(period, inaccessible=(day.isoformat(),))) > last


@every(periods(rules=["frcp-6a"], before=False), st.sampled_from(["US-MA", "US-DC", "US-CA", "US-LA", "US-HI"]))
def test_the_holidays_of_a_state_never_shorten_a_forward_period(period, state):
    assert due(replace(period, jurisdiction=state)) >= due(replace(period, jurisdiction=None))


@every(periods(rules=["frcp-6a"], before=True), st.sampled_from(["US-MA", "US-DC", "US-CA", "US-LA", "US-HI"]))
def test_the_holidays_of_a_state_move_no_period_that_runs_back(period, state):
    assert due(replace(period, jurisdiction=state)) == due(replace(period, jurisdiction=None))


CLOSINGS = st.sampled_from([(each.day, each.known) for each in BY_ORDER.values()] + [(date(2021, 6, 18), BY_LAW[0].known)])


@every(CLOSINGS, st.integers(1, 60), st.integers(0, 4), st.integers(-40, 40), st.integers(0, 60), st.booleans())
def test_as_more_becomes_known_a_forward_due_date_never_gets_earlier(closing, length, short, asked, more, working):
    day, known = closing
    if working:
        period = Period((day - 9 * DAY).isoformat(), 1 + length % 9, "business days", jurisdiction="US")
    else:
        period = Period((day - (length + short) * DAY).isoformat(), length, rule="1-cfr-18.17")
    first, then = due(period, known + asked * DAY), due(period, known + (asked + more) * DAY)
    assert first <= then <= due(period)


@every(CLOSINGS, st.integers(1, 60))
def test_a_closing_counts_from_the_day_it_became_known_and_not_a_day_before(closing, length):
    day, known = closing
    period = Period((day - length * DAY).isoformat(), length, rule="1-cfr-18.17")
    assert due(period, known - DAY) == day < due(period, known)


@every(periods(rules=ROLLING))
def test_the_last_day_of_a_rolling_rule_is_open(period):
    rule = RULES[period.rule]
    assume(rule.roll_of(period))
    last = due(period)
    assert rule.calendar(period, None).closed(last.date() if isinstance(last, datetime) else last) is None


@every(periods(rules=ROLLING, hours=False))
def test_what_a_roll_passed_over_is_closed_and_told_and_lies_between(period):
    result = count(period)
    ends = sorted([date.fromisoformat(result.nominal), result.earliest])
    if period.unit != "business days":
        assert all(ends[0] <= closed.day <= ends[1] for closed in result.skipped)
    calendar = RULES[period.rule].calendar(period, None)
    assert all(closed.by_order or calendar.closed(closed.day) == closed for closed in result.skipped)
    assert len(set(result.skipped)) == len(result.skipped)


@every(MOMENTS, st.integers(1, 5000), st.sampled_from(ZONES), st.booleans())
def test_real_hours_never_lose_or_gain_an_hour(start, length, zone, before):
    end = due(Period(start.isoformat(), length, "hours", "real-hours", before, zone=zone))
    assert end.astimezone(UTC) - start == timedelta(hours=-length if before else length)


@every(MOMENTS, st.integers(1, 5000), st.sampled_from(ZONES))
def test_hours_of_the_union_leave_out_the_rest_of_the_hour_and_no_more(start, length, zone):
    end = due(Period(start.isoformat(), length, "hours", "eu-1182-71", zone=zone)).astimezone(UTC)
    assert timedelta(0) < end - start - timedelta(hours=length) <= timedelta(hours=1)


@every(periods(), st.integers(1, 30))
def test_a_longer_period_never_ends_sooner(period, more):
    assume(
        period.unit != "hours" or period.rule != "frcp-6a"
    )  # Sunday morning ends before Saturday noon: both on Monday, each at its time
    longer = replace(period, length=period.length + more)
    assert due(longer) <= due(period) if period.before else due(longer) >= due(period)


@every(periods(hours=False), st.integers(1, 45))
def test_a_later_start_never_gives_an_earlier_end(period, days):
    assert due(later(period, days)) >= due(period)


@every(periods(hours=False), st.integers(1, 40))
def test_an_uncertain_trigger_gives_a_span_that_holds_the_count_of_each_of_its_days(period, days):
    span = count(replace(period, start=f"{period.start}/{later(period, days).start}"))
    each = [due(later(period, n)) for n in range(days + 1)]
    assert (span.earliest, span.latest) == (min(each), max(each))


@every(DAYS, st.integers(1, 60), st.booleans(), st.sampled_from(["US", "US-MA", "CN", "HK", "DE-BY"]))
def test_so_many_open_days_lie_in_a_period_of_business_days(start, length, before, where):
    end = due(Period(start.isoformat(), length, "business days", before=before, jurisdiction=where))
    calendar, step = Calendar.of(where), -DAY if before else DAY
    days = [start + n * step for n in range(1, abs((end - start).days) + 1)]
    assert sum(calendar.closed(day) is None for day in days) == length
    assert calendar.closed(end) is None
    if not before:
        assert calendar.working_days(start, end) == length


@every(DAYS, st.integers(1, 400), st.sampled_from(["days", "weeks"]), st.booleans())
def test_counting_from_the_trigger_ends_one_day_nearer_than_counting_after_it(start, length, unit, before):
    period = Period(start.isoformat(), length, unit, before=before)
    assert due(replace(period, counting="from")) == due(period) + (DAY if before else -DAY)


@every(DAYS, st.integers(1, 400), st.booleans())
def test_months_never_end_past_the_month_counted_to(start, months, before):
    end = due(Period(start.isoformat(), months, "months", before=before))
    assert end.year * 12 + end.month == start.year * 12 + start.month + (-months if before else months)
    assert end.day == start.day or (end.day < start.day and (end + DAY).day == 1)


@every(DAYS, st.integers(1, 400))
def test_a_year_is_twelve_months_and_a_week_seven_days(start, length):
    day = start.isoformat()
    assert due(Period(day, length % 50 + 1, "years")) == due(Period(day, (length % 50 + 1) * 12, "months"))
    assert due(Period(day, length, "weeks")) == due(Period(day, length * 7))


@every(DAYS, st.integers(1, 5000))
def test_days_counted_on_and_back_again_end_where_they_began(start, length):
    assert due(Period(due(Period(start.isoformat(), length)).isoformat(), length, before=True)) == start


@every(periods())
def test_every_result_names_its_trigger_first_and_then_its_due_date(period):
    result = count(period)
    assert result.steps[0].startswith("The trigger is ")
    if period.unit != "hours":
        assert plain_date(date.fromisoformat(period.start)) in result.steps[0]
    day = result.earliest.date() if isinstance(result.earliest, datetime) else result.earliest
    assert any(plain_date(day) in step for step in result.steps[1:])
    assert (result.rule, result.authority) == (period.rule, RULES[period.rule].authority)


@every(periods(rules=["eu-1182-71"], hours=False))
def test_a_period_of_two_days_or_more_in_the_union_holds_two_working_days(period):
    assume(period.length >= 2)
    start, end = date.fromisoformat(period.start), due(period)
    calendar, step = RULES["eu-1182-71"].calendar(period, None), -DAY if period.before else DAY
    days = [start + n * step for n in range(1, abs((end - start).days) + 1)]
    assert sum(calendar.closed(day) is None for day in days) >= 2
