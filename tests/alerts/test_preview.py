"""What a preview promises is what the clock then sends: a real store and a real receiver."""

from datetime import date

from alerts.clock import tick
from alerts.inbox import Inbox
from alerts.preview import preview
from domain.instants import moment

HOUR = 3_600_000_000


def promised(house, policy):
    """(instant in whole hours, step, why later) of each send to come."""
    found = preview(house.alerts, policy, house.book.clock()).coming
    return [(moment(each.at).replace(minute=0, second=0, microsecond=0), each.step.name, each.held) for each in found]


def sent(house, until):
    """Run the clock hour by hour; (hour, step) of each alert that came."""
    came = []
    while moment(house.book.clock()).date() < until:
        tick(house.alerts, house.book.clock())
        house.alerts.work()
        now = moment(house.book.clock()).replace(minute=0, second=0, microsecond=0)
        came += [(now, alert["step"]) for alert in house.data()]
        house.book.clock.now += HOUR
    return came


def drafted(house, **raw):
    raw = {"name": "all", "changes": [], "routes": [{"channel": house.channel, "rhythm": raw.pop("rhythm", "at once")}]} | raw
    return house.alerts.policies.read(raw, house.ann, house.book.clock())


def kept_as_promised(house, **raw):
    house.book.clock.set(2025, 3, 20, 0)
    house.window("2025-04-05")
    policy = drafted(house, **raw)
    told = [each[:2] for each in promised(house, policy)]
    house.alerts.policies.keep(policy, house.ann)
    assert sent(house, date(2025, 4, 12)) == told
    return told


def test_steps_in_days_and_hours_come_when_the_preview_says(house):
    told = kept_as_promised(house, ladder=["14d", "3d", "0d", "12h", "5h"])
    assert [step for _, step in told] == ["14", "3", "0", "12h", "5h"]


def test_quiet_hours_hold_them_as_the_preview_says(house):
    house.alerts.wishes.keep({"time_zone": "Europe/Berlin", "quiet_from": "20:00", "quiet_until": "09:00"}, house.ann)
    told = kept_as_promised(house, ladder=["14d", "3d", "1d"])
    assert {each[0].hour for each in told} == {7, 8}  # nine in Berlin, before and after the clocks changed there


def test_a_daily_digest_comes_when_the_preview_says(house):
    house.alerts.wishes.keep({"digest_at": "16:00"}, house.ann)
    told = kept_as_promised(house, ladder=["14d", "3d", "1d"], rhythm="daily")
    assert {each[0].hour for each in told} == {16}


def test_what_a_weekly_digest_would_bring_too_late_is_sent_before_as_the_preview_says(house):
    house.alerts.wishes.keep({"digest_at": "08:00", "digest_day": 0}, house.ann)
    told = kept_as_promised(house, ladder=["14d", "3d", "1d"], rhythm="weekly")
    assert [step for _, step in told] == ["14", "3", "1"]


def test_a_step_of_today_is_promised_until_it_was_told(house):
    house.book.clock.set(2025, 3, 22, 15)
    house.window("2025-04-05")
    policy = house.alerts.policies.keep(drafted(house, ladder=["30d", "14d", "7d"]), house.ann)
    assert [step for _, step, _ in promised(house, policy)] == ["14", "7"]
    house.at(3, 22, 16)
    shown = preview(house.alerts, policy, house.book.clock())
    assert ([each.step.name for each in shown.coming], shown.passed, shown.windows) == (["7"], 1, 1)


def test_nothing_is_promised_of_a_due_date_that_was_acknowledged_until_it_moves(house):
    house.book.clock.set(2025, 3, 22, 15)
    house.window("2025-04-05")
    policy = house.alerts.policies.keep(drafted(house, ladder=["14d", "3d", "0d"]), house.ann)
    house.at(3, 22, 16)
    (item,) = [row[0] for row in house.book.rows("SELECT id FROM outbox")]
    Inbox(house.alerts, house.ann).acknowledge(item)
    shown = preview(house.alerts, policy, house.book.clock())
    assert (shown.coming, shown.windows) == ([], 1)
    assert [step for _, step in sent(house, date(2025, 4, 7))] == ["14"]
    house.book.clock.set(2025, 4, 1, 12)
    house.extend("2025-04-10", "2025-04-01")
    assert [step for _, step, _ in promised(house, policy)] == ["3", "0"]


def test_windows_are_counted_also_where_nothing_can_be_sent_yet(house):
    house.book.clock.set(2025, 3, 20)
    house.window("2025-04-05")
    house.alerts.ways.turn_off(house.channel, house.ann, house.ann, "for a while")
    assert preview(house.alerts, drafted(house), house.book.clock()).windows == 1


def test_a_preview_stores_nothing(house):
    house.book.clock.set(2025, 3, 20)
    house.window("2025-04-05")
    before = (
        house.book.log.size(),
        house.book.rows("SELECT COUNT(*) FROM policies"),
        house.book.rows("SELECT COUNT(*) FROM watched"),
    )
    assert preview(house.alerts, drafted(house), house.book.clock()).coming
    after = house.book.log.size(), house.book.rows("SELECT COUNT(*) FROM policies"), house.book.rows("SELECT COUNT(*) FROM watched")
    assert before == after
