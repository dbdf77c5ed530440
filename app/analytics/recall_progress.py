"""How far a recall has come: reach, response and correction, incidents, notices, feedback, and what is still open.

People are counted as one by their telephone number; who is gone from the books is counted on by the name that leads to
nobody (`RecallAnswer.person`), so that figures never shrink.

Source:
    Rates: reach = people contacted ÷ known; response = people who answered ÷ contacted; correction = units corrected ÷
    units affected, and beside it people helped ÷ known. Monthly report: US CPSC, Monthly Progress Report for Corrective
    Action Plans, form of 10/2015 as reproduced by fill.io and described by Kelley Drye and Mintz (2014), read on
    2026-11-23: I units corrected by level, in the period and in all; II incidents, injuries and deaths reported in the
    period, by whether they occurred before the recall or after; III consumers notified, and who contacted the firm, by
    phone, e-mail and mail. Not in these figures: visits of websites, posts and auction sites, which it asks for too.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.analytics.recall_people import People, Wave, people_of, waves_of
from app.domain.recall_progress import Level, Solved, Span
from app.models.hazard import HazardCount, HazardReport, HazardSignal, HazardSubject, RecallDraft
from app.models.recall import RecallAnswer, RecallIdentifier, RecallRow
from app.models.recall_progress import (
    RecallCorrection,
    RecallEvaluation,
    RecallFeedback,
    RecallIncident,
    RecallNotice,
    RecallUnits,
)

_TOLD_CONSUMERS = ("consumers", "public")


@dataclass(frozen=True, slots=True)
class LevelFigures:
    """Units at one level of distribution."""

    level: str
    units: int | None  # affected when the recall began; None: not known
    in_span: int  # corrected
    in_all: int  # corrected until the end of the span


@dataclass(frozen=True, slots=True)
class Incidents:
    """What was reported."""

    incidents: int = 0
    injuries: int = 0
    deaths: int = 0

    def __add__(self, other: Incidents) -> Incidents:
        """Both together."""
        return Incidents(self.incidents + other.incidents, self.injuries + other.injuries, self.deaths + other.deaths)


@dataclass(frozen=True, slots=True)
class RecallProgress:
    """One recall in figures, as they stood at the end of a span."""

    recall: RecallRow
    span: Span
    first_notice_at: datetime | None  # to consumers or the public; None: none is on record
    levels: Sequence[LevelFigures]
    corrections: Mapping[str, int]  # units in all, by how
    people: People
    waves: Sequence[Wave]
    before: Incidents  # reported in the span, occurred before the first notice
    after: Incidents
    after_in_all: Incidents
    notified: Mapping[str, int]  # consumers, in the span, by medium: notices on record and campaigns
    contacted_us: Mapping[str, int]  # consumers, in the span, by medium
    notices: Sequence[RecallNotice]  # in the span
    feedback: Mapping[str, int]  # asked, yes, partly, no; until the end of the span
    days_to_remedy: float | None  # median from the choice to its being carried out; None: none yet
    evaluation: RecallEvaluation | None

    @property
    def units(self) -> int | None:
        """Affected, at all levels that are known; None if none is."""
        known = [each.units for each in self.levels if each.units is not None]
        return sum(known) if known else None

    @property
    def corrected(self) -> int:
        """Units corrected in all."""
        return sum(each.in_all for each in self.levels)

    @property
    def open_units(self) -> int | None:
        """Units not corrected yet; None if nobody knows how many there are."""
        return None if self.units is None else max(0, self.units - self.corrected)

    @property
    def correction_rate(self) -> float | None:
        """Of units affected; None if their number is not known."""
        return self.corrected / self.units if self.units else None


def recall_progress(session: orm.Session, recall: RecallRow, span: Span) -> RecallProgress:
    """The figures of a recall for a span of days."""
    notices = session.scalars(
        sa.select(RecallNotice)
        .where(RecallNotice.recall_id == recall.id, RecallNotice.sent_at < span.until)
        .order_by(RecallNotice.sent_at, RecallNotice.id)
    ).all()
    people = people_of(session, recall.id, span.until)
    waves = waves_of(session, recall.id, people, span)
    told = [each.sent_at for each in notices if each.addressee in _TOLD_CONSUMERS]
    first = min([*told, *(wave.started_at for wave in waves if wave.started_at is not None)], default=None)
    in_span = [each for each in notices if each.sent_at >= span.since]
    before, after, after_in_all = _incidents(session, recall.id, span, first)
    return RecallProgress(
        recall=recall,
        span=span,
        first_notice_at=first,
        levels=_levels(session, recall.id, span),
        corrections=_corrections(session, recall.id, span),
        people=people,
        waves=waves,
        before=before,
        after=after,
        after_in_all=after_in_all,
        notified=_notified(in_span, waves),
        contacted_us=_contacted_us(session, recall.id, span),
        notices=in_span,
        feedback=_feedback(session, recall.id, span),
        days_to_remedy=_days_to_remedy(session, recall.id, span),
        evaluation=session.get(RecallEvaluation, recall.id),
    )


def _counted(recall_id: int, span: Span) -> sa.ColumnElement[bool]:
    return sa.and_(
        RecallCorrection.recall_id == recall_id,
        RecallCorrection.taken_back_at.is_(None),
        RecallCorrection.done_on <= span.last,
    )


def _levels(session: orm.Session, recall_id: int, span: Span) -> list[LevelFigures]:
    units = dict(
        session.execute(sa.select(RecallUnits.level, RecallUnits.units).where(RecallUnits.recall_id == recall_id)).all()
    )
    now = sa.case((RecallCorrection.done_on >= span.first, RecallCorrection.units), else_=0)
    sums = sa.select(RecallCorrection.level, sa.func.sum(now), sa.func.sum(RecallCorrection.units))
    rows = session.execute(sums.where(_counted(recall_id, span)).group_by(RecallCorrection.level))
    done = {level: (int(in_span), int(in_all)) for level, in_span, in_all in rows}
    return [LevelFigures(str(each), units.get(str(each)), *done.get(str(each), (0, 0))) for each in Level]


def _corrections(session: orm.Session, recall_id: int, span: Span) -> dict[str, int]:
    sums = sa.select(RecallCorrection.correction, sa.func.sum(RecallCorrection.units))
    rows = session.execute(sums.where(_counted(recall_id, span)).group_by(RecallCorrection.correction))
    return {correction: int(units) for correction, units in rows}


def _incidents(
    session: orm.Session, recall_id: int, span: Span, first: datetime | None
) -> tuple[Incidents, Incidents, Incidents]:
    """Reported in the span and before the first notice, in the span and after, and all after it."""
    found = [
        (received_at, received_at, Incidents(1, int("hurt" in dangers)))
        for received_at, dangers in session.execute(
            sa.select(HazardReport.received_at, HazardReport.dangers).where(
                HazardReport.id.in_(_reports_about(recall_id)), HazardReport.received_at < span.until
            )
        )
    ]
    for row in session.scalars(sa.select(RecallIncident).where(RecallIncident.recall_id == recall_id)):
        day = Span(row.occurred_on, row.reported_on, span.zone)
        if row.reported_on <= span.last:
            reported = Span(row.reported_on, row.reported_on, span.zone).since
            found.append((day.since, reported, Incidents(row.incidents, row.injuries, row.deaths)))
    before, after, in_all = Incidents(), Incidents(), Incidents()
    for occurred_at, reported_at, each in found:
        is_after = first is not None and occurred_at >= first
        in_all = in_all + each if is_after else in_all
        if reported_at >= span.since:
            before, after = (before, after + each) if is_after else (before + each, after)
    return before, after, in_all


def _reports_about(recall_id: int) -> sa.Select[Any]:
    """Complaints that point to a hazard of a product with a number that the recall lists, or that led to the recall."""
    listed = sa.select(RecallIdentifier.normal).where(
        RecallIdentifier.recall_id == recall_id, RecallIdentifier.is_listed, ~RecallIdentifier.is_doubtful
    )
    by_number = (
        sa.select(HazardCount.report_id)
        .join(HazardSubject, HazardSubject.id == HazardCount.subject_id)
        .where(HazardCount.points, HazardSubject.kind == "number", HazardSubject.normal.in_(listed))
    )
    of_signal = (
        sa.select(HazardCount.report_id)
        .join(HazardSignal, HazardSignal.subject_id == HazardCount.subject_id)
        .join(RecallDraft, RecallDraft.signal_id == HazardSignal.id)
        .where(HazardCount.points, RecallDraft.recall_id == recall_id)
    )
    return sa.union(by_number, of_signal).subquery().select()


def _notified(notices: Sequence[RecallNotice], waves: Sequence[Wave]) -> dict[str, int]:
    number: Counter[str] = Counter()
    for each in notices:
        if each.addressee == "consumers":
            number[each.medium] += each.number
    for wave in waves:
        number[{"call": "phone", "letter": "post"}.get(wave.medium, wave.medium)] += wave.reached_in_span
    return dict(number)


def _contacted_us(session: orm.Session, recall_id: int, span: Span) -> dict[str, int]:
    rows = session.execute(
        sa.select(RecallAnswer.medium, sa.func.count(sa.distinct(RecallAnswer.person)))
        .where(
            RecallAnswer.recall_id == recall_id,
            RecallAnswer.said_at >= span.since,
            RecallAnswer.said_at < span.until,
            RecallAnswer.medium != "outreach",
        )
        .group_by(RecallAnswer.medium)
    )
    return {medium: int(number) for medium, number in rows}


def _feedback(session: orm.Session, recall_id: int, span: Span) -> dict[str, int]:
    rows = session.execute(
        sa.select(RecallFeedback.solved, RecallFeedback.answered_at).where(
            RecallFeedback.recall_id == recall_id, RecallFeedback.asked_at < span.until
        )
    ).all()
    said = Counter(solved for solved, at in rows if at is not None and at < span.until)
    return {"asked": len(rows), **{str(each): said[str(each)] for each in Solved}}


def _days_to_remedy(session: orm.Session, recall_id: int, span: Span) -> float | None:
    rows = session.execute(
        sa.select(RecallAnswer.chosen_at, RecallCorrection.noted_at)
        .join(RecallCorrection, RecallCorrection.answer_id == RecallAnswer.id)
        .where(_counted(recall_id, span), RecallAnswer.chosen_at.is_not(None))
    )
    days = [(done - chosen) / timedelta(days=1) for chosen, done in rows if chosen is not None]
    return median(days) if days else None
