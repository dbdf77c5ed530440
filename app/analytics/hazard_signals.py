"""Signals as supervisors see them: what raised them, what came of them, and how near other products are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import log10
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hazard_test import BOUNDARY
from app.models.case import Case
from app.models.hazard import (
    HazardCount,
    HazardReport,
    HazardSignal,
    HazardSubject,
    RecallDraft,
    SignalEvent,
)
from app.models.records import open_record
from app.models.vault import Vault

MOST: Final = 200
_NEAREST: Final = 12
_EXCERPT: Final = 200


@dataclass(frozen=True, slots=True)
class Watched:
    """A stream and how near it is to a signal."""

    subject: HazardSubject
    complaints: int
    points: int

    @property
    def nearness(self) -> float:
        """From 0 to 1, on the scale of the logarithm."""
        return max(0.0, min(1.0, log10(1 + self.subject.value) / log10(1 + BOUNDARY)))


@dataclass(frozen=True, slots=True)
class Evidence:
    """One complaint that points to the hazard."""

    report: HazardReport
    protocol: str  # "" once the complaint is gone
    words: str  # the beginning of the story; "" once it is gone, or if there is none
    language: str


@dataclass(frozen=True, slots=True)
class SignalFile:
    """One signal with all that belongs to it."""

    signal: HazardSignal
    subject: HazardSubject
    evidence: Sequence[Evidence]
    history: Sequence[tuple[SignalEvent, Mapping[str, Any]]]
    draft: RecallDraft | None


def newest_signals(session: orm.Session) -> list[tuple[HazardSignal, HazardSubject]]:
    """The signals: those to be decided first, then the newest."""
    undecided = sa.case((HazardSignal.status == "open", 0), (HazardSignal.status == "watched", 1), else_=2)
    query = (
        sa.select(HazardSignal, HazardSubject)
        .join(HazardSubject, HazardSubject.id == HazardSignal.subject_id)
        .order_by(undecided, HazardSignal.changed_at.desc(), HazardSignal.id.desc())
        .limit(MOST)
    )
    return [(signal, subject) for signal, subject in session.execute(query)]


def undecided_signals(session: orm.Session) -> int:
    """How many signals wait for a supervisor."""
    return session.scalar(sa.select(sa.func.count()).where(HazardSignal.status == "open")) or 0


def nearest_streams(session: orm.Session) -> list[Watched]:
    """The streams nearest to a signal, nearest first, of those in which anything points to a hazard."""
    subjects = session.scalars(
        sa.select(HazardSubject)
        .where(HazardSubject.value > 0)
        .order_by(HazardSubject.value.desc(), HazardSubject.id)
        .limit(_NEAREST)
    ).all()
    ids = [each.id for each in subjects]
    tallies = {
        subject_id: (number, points)
        for subject_id, number, points in session.execute(
            sa.select(HazardCount.subject_id, sa.func.count(), sa.func.sum(sa.cast(HazardCount.points, sa.Integer)))
            .where(HazardCount.subject_id.in_(ids), HazardCount.counts)
            .group_by(HazardCount.subject_id)
        )
    }
    found = [Watched(each, *tallies.get(each.id, (0, 0))) for each in subjects]
    return [each for each in found if each.points]


def signal_file(session: orm.Session, vault: Vault, signal_id: int) -> SignalFile | None:
    """One signal with its evidence and history; None if there is none with this number."""
    signal = session.get(HazardSignal, signal_id)
    if signal is None:
        return None
    reports = session.scalars(
        sa.select(HazardReport)
        .where(HazardReport.id.in_(signal.evidence))
        .order_by(HazardReport.received_at, HazardReport.id)
    ).all()
    cases = {
        case.id: case
        for case in session.scalars(sa.select(Case).where(Case.id.in_([each.case_id for each in reports])))
    }
    events = session.scalars(
        sa.select(SignalEvent).where(SignalEvent.signal_id == signal.id).order_by(SignalEvent.id)
    ).all()
    return SignalFile(
        signal,
        session.get_one(HazardSubject, signal.subject_id),
        [_evidence(vault, report, cases.get(report.case_id or 0)) for report in reports],
        [(event, vault.open(event.text, f"signal_events:{event.key}")) for event in events],
        session.scalar(sa.select(RecallDraft).where(RecallDraft.signal_id == signal.id)),
    )


def _evidence(vault: Vault, report: HazardReport, case: Case | None) -> Evidence:
    if case is None:
        return Evidence(report, "", "", "")
    words = open_record(vault, case).matter.narrative or ""
    return Evidence(report, case.protocol, words[:_EXCERPT], case.language)


@dataclass(frozen=True, slots=True)
class Point:
    """One complaint on the drawing of a course; places are in the units of the drawing."""

    at: datetime
    value: float
    points: bool
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class Drawing:
    """The course of the test up to the boundary, to be drawn: the value on the scale of the logarithm."""

    points: Sequence[Point]
    boundary: float  # its height
    width: float
    height: float

    @property
    def line(self) -> str:
        """The course, as SVG takes it."""
        return " ".join(f"{each.x:.1f},{each.y:.1f}" for each in self.points)


def drawing_of(signal: HazardSignal, *, width: float = 640, height: float = 200) -> Drawing:
    """The drawing of the course that led to a signal."""
    top = log10(1 + max([BOUNDARY, *(value for _, value, _ in signal.course)])) * 1.05
    step = width / max(1, len(signal.course) - 1)
    points = [
        Point(datetime.fromisoformat(at), value, told, number * step, height * (1 - log10(1 + value) / top))
        for number, (at, value, told) in enumerate(signal.course)
    ]
    return Drawing(points, height * (1 - log10(1 + BOUNDARY) / top), width, height)
