"""The points of a complaint: what it demands or asks, each to be answered before the case is closed."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from app.domain.complaint import ComplaintRecord
from app.domain.complaint_groups import Point
from app.domain.complaint_terms import ComplaintKind, DemandType, Remedy


class Answer(StrEnum):
    """How a point was answered."""

    GRANTED = "granted"
    PARTLY = "partly"
    REFUSED = "refused"
    EXPLAINED = "explained"  # a question was answered, or regret said


_KINDS: Final = (ComplaintKind.MISCONDUCT, ComplaintKind.COMPENSATION, ComplaintKind.CHANGE)
_ASKS: Final = (DemandType.CONTESTATION, DemandType.SUSPENSION, DemandType.DOUBT)


def points_of(record: ComplaintRecord) -> tuple[Point, ...]:
    """The points of a complaint, those that somebody listed last; none where nothing is demanded.

    What the record itself demands has a name as its text, which stays the same: `kind:` what it reports or demands
    besides dissatisfaction, `demand:` what was asked of us, `remedy:` what they wish for, `danger` that somebody was
    hurt.
    """
    matter = record.matter
    names = [f"kind:{kind.value}" for kind in _KINDS if kind in matter.kinds]
    names += [f"demand:{asked.value}" for asked in _ASKS if matter.demand_type is asked]
    if matter.remedy_requested not in (None, Remedy.NONE):
        names.append(f"remedy:{matter.remedy_requested}")
    if matter.injury:
        names.append("danger")
    listed = {point.text: point for point in matter.points}
    demanded = tuple(listed.pop(name, Point(text=name)) for name in names)
    return (*demanded, *listed.values())


def answered(record: ComplaintRecord, answers: Mapping[str, str]) -> tuple[Point, ...]:
    """The points of a complaint with these answers; one that is not among them keeps its own.

    Args:
        answers: by the text of the point; what is no `Answer` is none.
    """
    known = {text: answer for text, answer in answers.items() if answer in set(Answer)}
    return tuple(Point(text=point.text, answer=known.get(point.text, point.answer)) for point in points_of(record))


def unanswered(record: ComplaintRecord) -> tuple[str, ...]:
    """The texts of the points that have no answer yet."""
    return tuple(point.text for point in points_of(record) if point.answer is None)
