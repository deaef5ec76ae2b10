"""Lead times: how they are written, read and said."""

import pytest

from domain.errors import BadValue
from domain.ladder import Step, read_ladder, split_ladder


@pytest.mark.parametrize("text", ["30d, 7d, 12h", "30d; 7d;12h", " 30d,7d ; 12h, ", "12h,7,30"])
def test_lead_times_stand_apart_by_commas_and_semicolons(text):
    assert read_ladder(split_ladder(text)) == (Step(30), Step(7), Step(12, "h"))


def test_what_is_no_lead_time_is_named_as_it_was_typed():
    with pytest.raises(BadValue, match="“soon” is not a lead time"):
        read_ladder(split_ladder("7d; soon"))


@pytest.mark.parametrize(
    ("step", "said"),
    [
        (Step(7), "7 days before"),
        (Step(1), "1 day before"),
        (Step(0), "on the day itself"),
        (Step(12, "h"), "12 hours before its end"),
        (Step(1, "h"), "1 hour before its end"),
    ],
)
def test_a_step_is_said_in_one_way(step, said):
    assert step.before == said
