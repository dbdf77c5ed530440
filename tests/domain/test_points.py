"""Every point of a complaint is answered before it is closed."""

from app.domain.complaint import ComplaintRecord
from app.domain.points import answered, points_of, unanswered

KETTLE = ComplaintRecord().with_facts(
    {
        "matter.demand_type": "complaint",
        "matter.kinds": ("dissatisfaction", "compensation"),
        "matter.remedy_requested": "refund",
        "matter.injury": True,
        "matter.points": ({"text": "Who pays the plumber?"},),
    }
)


def test_what_is_demanded_and_what_was_listed_are_its_points():
    assert [point.text for point in points_of(KETTLE)] == [
        "kind:compensation",
        "remedy:refund",
        "danger",
        "Who pays the plumber?",
    ]


def test_dissatisfaction_alone_demands_nothing_that_could_be_forgotten():
    calm = {"matter.kinds": ("dissatisfaction",), "matter.remedy_requested": "none", "matter.injury": False}

    assert points_of(ComplaintRecord().with_facts(calm)) == ()


def test_an_answer_is_kept_and_what_is_no_answer_is_none():
    told = {"kind:compensation": "refused", "danger": "whatever", "nobody asked": "granted"}
    record = KETTLE.with_facts({"matter.points": answered(KETTLE, told)})

    assert unanswered(record) == ("remedy:refund", "danger", "Who pays the plumber?")
    assert [point.answer for point in answered(record, {"danger": "explained"})] == [
        "refused", None, "explained", None,
    ]  # fmt: skip
