"""Complaints are read for hazards: each is counted once per product and lot, and anew when more becomes known.

What was written into the history of a case since the last time tells which complaints to read. One unit of work counts
some complaints and marks how far it came; so a clock process that dies counts nothing twice, and two harm nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.domain.hazard_report import Subject, SubjectKind, dangers_of, subjects_of
from app.models.case import Case, CaseEvent
from app.models.engines import Database
from app.models.hazard import HazardCount, HazardMark, HazardReport, HazardSubject
from app.models.journal import details_of
from app.models.one_at_a_time import one_at_a_time
from app.models.records import open_record
from app.models.upsert import insert_absent
from app.models.vault import SealBroken, Vault

_AT_ONCE: Final = 50  # entries of histories
_LATE: Final = 50  # ids that may be taken before and committed after those read last
_READ: Final = "complaint"
"""The kind of case that is read."""

_log = structlog.get_logger()


def read_hazards(database: Database, vault: Vault, go_on: Callable[[], bool] = lambda: True) -> int:
    """Read what was written since the last time; gives how many complaints were counted, new or anew."""
    with database.reads() as session:
        mark = session.get(HazardMark, 1)
        newest = session.scalar(sa.select(sa.func.max(CaseEvent.id))) or 0
        if newest == (mark.through if mark else 0) and (mark is None or mark.is_calm):
            return 0
    counted, goes_on = 0, True
    while goes_on and go_on():
        with database.sessions.begin() as session:
            one_at_a_time(session, "hazards")
            changed, goes_on = _read_some(session, vault)
        counted += changed
    return counted


def _read_some(session: orm.Session, vault: Vault) -> tuple[int, bool]:
    """Read the next entries; how many complaints were counted, and whether there may be more entries."""
    insert_absent(session, HazardMark, {"id": 1, "through": 0, "is_calm": True}, ("id",))
    mark = session.get_one(HazardMark, 1, populate_existing=True)
    fresh = session.execute(
        sa.select(CaseEvent.id, CaseEvent.case_id)
        .where(CaseEvent.id > mark.through)
        .order_by(CaseEvent.id)
        .limit(_AT_ONCE)
    ).all()
    late = sa.select(CaseEvent.case_id).where(CaseEvent.id > mark.through - _LATE, CaseEvent.id <= mark.through)
    wanted = {case_id for _, case_id in fresh} | set(session.scalars(late))
    mark.through, mark.is_calm = (fresh[-1].id, False) if fresh else (mark.through, True)
    cases = session.scalars(sa.select(Case).where(Case.id.in_(wanted), Case.kind == _READ).order_by(Case.id)).all()
    return sum(_count(session, vault, case) for case in cases), len(fresh) == _AT_ONCE


def _count(session: orm.Session, vault: Vault, case: Case) -> bool:
    """Count one complaint; False if it is counted already as it is now, or says of no product."""
    try:
        record = open_record(vault, case)
    except (SealBroken, ValueError):  # one bad row never stops the others
        _log.warning("a complaint could not be read for hazards", case=case.id)
        return False
    subjects, dangers = (
        subjects_of(record),
        list(dangers_of(record, case.language, _written_later(session, vault, case))),
    )
    report = session.scalar(sa.select(HazardReport).where(HazardReport.case_id == case.id))
    if not subjects and report is None:
        return False
    if report is None:
        report = HazardReport(case_id=case.id, received_at=case.received_at, points=bool(dangers), dangers=dangers)
        session.add(report)
    elif not subjects:  # its content was erased; what was counted stays
        return False
    report.points, report.dangers, report.phone_index = bool(dangers), dangers, case.phone_index
    session.flush()
    return _put_into_streams(session, report, [_stream(session, each) for each in _with_product(subjects)])


def _written_later(session: orm.Session, vault: Vault, case: Case) -> list[str]:
    """What the customer wrote about the matter after it was opened."""
    events = sa.select(CaseEvent).where(CaseEvent.case_id == case.id, CaseEvent.kind == "text_received")
    return [str(details_of(vault, event).get("body", "")) for event in session.scalars(events.order_by(CaseEvent.id))]


def _with_product(subjects: Iterable[Subject]) -> list[Subject]:
    """The lot last, so that its product has a row before it."""
    return sorted(subjects, key=lambda each: each.kind is SubjectKind.LOT)


def _stream(session: orm.Session, subject: Subject) -> HazardSubject:
    values = {"kind": str(subject.kind), "normal": subject.normal, "shown": subject.shown, "is_due": True, "value": 0.0}
    insert_absent(session, HazardSubject, values, ("kind", "normal"))
    row = _subject(session, str(subject.kind), subject.normal)
    assert row is not None
    if subject.kind is SubjectKind.LOT and row.product_id is None:
        product = subject.normal.partition("|")[0]
        of = _subject(session, "number", product) or _subject(session, "name", product)
        row.product_id = of.id if of else None
    return row


def _subject(session: orm.Session, kind: str, normal: str) -> HazardSubject | None:
    return session.scalar(sa.select(HazardSubject).where(HazardSubject.kind == kind, HazardSubject.normal == normal))


def _put_into_streams(session: orm.Session, report: HazardReport, streams: list[HazardSubject]) -> bool:
    """Bring the counts of one report up to date; False if nothing had to be changed."""
    of_report = sa.select(HazardCount).where(HazardCount.report_id == report.id)
    before = {count.subject_id: count for count in session.scalars(of_report)}
    wanted = {stream.id: stream for stream in streams}
    changed = False
    for subject_id, count in before.items():
        if subject_id not in wanted:
            session.delete(count)
            session.execute(sa.update(HazardSubject).where(HazardSubject.id == subject_id).values(is_due=True))
            changed = True
    for subject_id, stream in wanted.items():
        found = before.get(subject_id)
        if found is not None and found.points == report.points:
            continue
        count = found or HazardCount(report_id=report.id, subject_id=subject_id, received_at=report.received_at)
        count.points, count.counts = report.points, not _said_before(session, report, subject_id)
        session.add(count)
        stream.is_due = changed = True
    session.flush()
    return changed


def _said_before(session: orm.Session, report: HazardReport, subject_id: int) -> bool:
    """Whether the same person has said the same of it in another complaint, which is counted."""
    if report.phone_index is None:
        return False
    return (
        session.scalar(
            sa.select(HazardCount.report_id)
            .join(HazardReport, HazardReport.id == HazardCount.report_id)
            .where(
                HazardReport.phone_index == report.phone_index,
                HazardCount.subject_id == subject_id,
                HazardCount.points.is_(report.points),
                HazardCount.counts,
                HazardCount.report_id != report.id,
            )
            .limit(1)
        )
        is not None
    )
