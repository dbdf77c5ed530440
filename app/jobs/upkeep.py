"""What the clock does for the office's own books: the journal, and what is kept for how long.

Nothing of it changes what a customer hears, so a day that is only simulated does without.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import orm

from app.analytics.log_rows import COLUMNS, filter_from_json, log_rows
from app.analytics.matter_history import matter_history
from app.analytics.report import build_report
from app.domain.periods import Period
from app.domain.phone_number import PhoneNumber
from app.models.case import Case
from app.models.login_pace import forget_old_failures
from app.models.spool import Spool
from app.runtime import Runtime
from app.services.answer_once import forget_requests
from app.services.check_journal import check_journal
from app.services.data_requests import serve_requests
from app.services.deliver_events import forget_deliveries
from app.services.enter_calls import enter_calls
from app.services.erase_person import Certify, erase_person
from app.services.make_reports import make_reports
from app.services.raise_signals import raise_signals
from app.services.read_hazards import read_hazards
from app.services.receive_text import forget_received_texts
from app.services.retire_audit import retire_audit
from app.services.retire_records import Retired, reckon_terms, retire_records
from app.services.seal_journal import seal_journal
from app.services.write_export import write_exports
from app.telephony.port import Phone


class Office(Protocol):
    """What upkeep works with."""

    @property
    def runtime(self) -> Runtime:
        """The process."""
        ...

    @property
    def phone(self) -> Phone:
        """The phone network."""
        ...

    def goes_on(self, name: str) -> Callable[[], bool]:
        """What a tick asks before each step."""
        ...


def seal(office: Office) -> int:
    """Enter new rows into the journal."""
    rt = office.runtime
    return seal_journal(rt.database, rt.vault, now=rt.clock.now())


def check(office: Office) -> bool:
    """Verify the next part of the journal; whether it shows that something was altered."""
    rt = office.runtime
    return check_journal(rt.database, rt.vault, now=rt.clock.now()) is not None


def keep_log(office: Office) -> int:
    """Enter into the call log what changed of calls and cases."""
    rt = office.runtime
    return enter_calls(rt.database, rt.vault, office.goes_on("keep call log"))


def watch_hazards(office: Office) -> int:
    """Read what complaints say of hazards, and raise signals; gives how much of both was done."""
    rt = office.runtime
    go_on = office.goes_on("watch hazards")
    counted = read_hazards(rt.database, rt.vault, go_on)
    return counted + raise_signals(rt.database, rt.vault, go_on, now=rt.clock.now())


def write_files(office: Office) -> int:
    """Write a large file of the call log that somebody waits for."""
    rt = office.runtime

    def rows_of(wanted: Mapping[str, Any], at: datetime) -> Iterator[dict[str, Any]]:
        return log_rows(rt.database, rt.vault, rt.board.hotline_named, filter_from_json(wanted), now=at)

    go_on = office.goes_on("write files")
    return write_exports(rt.database, rt.vault, COLUMNS, rows_of, clock=rt.clock, wall=rt.wall, go_on=go_on)


def write_reports(office: Office) -> int:
    """Make the report of a week or year that is over."""
    rt, now = office.runtime, office.runtime.clock.now()
    zone, go_on = next(iter(rt.hotlines)).zone, office.goes_on("write reports")

    def compose(period: Period) -> dict[str, Any]:
        return build_report(rt.database, rt.vault, period, zone, now=now, go_on=go_on)

    return make_reports(rt.database, zone, compose, now=now)


def keep_books(office: Office) -> bool:
    """Reckon days of deletion, remove what is due, serve what customers asked for; whether anything was done."""
    rt = office.runtime
    database, vault, named, now = rt.database, rt.vault, rt.board.hotline_named, rt.clock.now()
    reckoned = reckon_terms(database, vault, named)
    retired = retire_records(database, vault, office.phone, named, now=now)
    lapsed = retire_audit(database, vault, now=now, wall_now=rt.wall.now())
    forgotten = forget_received_texts(database, now=now) + forget_deliveries(database, now=now)
    forgotten += forget_requests(database, wall_now=rt.wall.now())
    forgotten += forget_old_failures(database, wall_now=rt.wall.now())
    spool = Spool(rt.settings.var_dir / "spool", vault)

    def compose(session: orm.Session, case: Case) -> dict[str, Any]:
        return matter_history(session, vault, rt.board.turns, case, named(case.hotline), now=now)

    def erase(number: PhoneNumber, basis: str, certify: Certify) -> object:
        return erase_person(database, vault, office.phone, spool, named, number, basis, now=now, certify=certify)

    served = serve_requests(database, vault, compose, erase, now=now)
    return bool(lapsed or forgotten or reckoned or retired != Retired() or served)
