"""Nobody alters, removes or slips in a row unnoticed (trust 51): a hundred tries on both databases, all found."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from random import Random

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from app.models.case import Case
from app.models.chain import JournalEntry, JournalHead
from app.models.journal import note
from app.models.journaled import SOURCES, rows_by_key
from app.services.check_journal import check_journal
from app.services.seal_journal import seal_journal
from app.services.verify_journal import Fault, Head, check_part, newest_head, verify_journal
from app.settings import Settings
from tests.journeys.cast import ADA, BIA, CEM, CORA, complain_and_hang_up
from tests.journeys.stage import Stage

TRIES = 100
GUARDED = ("turns", "case_events", "leg_events", "transcripts", "saved_flows", "journal", "removals")


@pytest.fixture
def office(settings: Settings) -> Iterator[Stage]:
    """An office with three complaints, one of them kept, and all of it in the journal."""
    opened = Stage(settings)
    opened.runtime.keep_flows()
    opened.hire("Ada", ADA)
    for caller in (CORA, CEM, BIA):
        complain_and_hang_up(opened, caller)
    opened.wait(hours=2)
    seal(opened)
    yield opened
    opened.close()


def seal(office: Stage, *, thorough: bool = False) -> int:
    runtime = office.runtime
    return seal_journal(runtime.database, runtime.vault, now=office.clock.now(), thorough=thorough)


def faults(office: Stage, kept: Head | None = None) -> list[Fault]:
    with office.runtime.database.reads() as session:
        return list(verify_journal(session, office.runtime.vault, kept=kept))


def lay_down_arms(session: orm.Session) -> None:
    """What somebody does who owns the database: the triggers that refuse changes are taken away."""
    for table in GUARDED:
        if session.get_bind().dialect.name == "postgresql":
            session.execute(sa.text(f"ALTER TABLE {table} DISABLE TRIGGER USER"))
        else:
            for verb in ("update", "delete"):
                session.execute(sa.text(f"DROP TRIGGER {table}_append_only_{verb}"))
            session.execute(sa.text("PRAGMA defer_foreign_keys = ON"))


def tamper(session: orm.Session, dice: Random) -> tuple[str, str]:
    """Alter or remove one row; gives the table and which row."""
    table = dice.choice(["turns", "case_events", "leg_events", "saved_flows", "journal"])
    if table == "journal":
        number = dice.choice(session.scalars(sa.select(JournalEntry.number)).all())
        change = dice.choice(["DELETE FROM journal", "UPDATE journal SET subject = 'call:other'"])
        session.execute(sa.text(f"{change} WHERE number = :number"), {"number": number})
        return table, str(number)
    source = next(each for each in SOURCES if each.name == table)
    row = dice.choice(session.scalars(source.rows).all())
    mapper = sa.inspect(type(row))
    here = sa.and_(*(column == getattr(row, column.key) for column in mapper.primary_key))
    if dice.random() < 0.4:
        session.execute(sa.delete(mapper.local_table).where(here))
    else:
        column = dice.choice([column for column in mapper.local_table.columns if not column.foreign_keys])
        session.execute(sa.update(mapper.local_table).where(here).values({column.key: other(column, row, dice)}))
    return table, source.key(row)


def other(column: sa.Column[object], row: object, dice: Random) -> object:
    """Another value than the one that stands there."""
    value = getattr(row, column.key)
    if isinstance(value, bytes):
        at = dice.randrange(len(value))
        return value[:at] + bytes([value[at] ^ 1]) + value[at + 1 :]
    if hasattr(value, "tzinfo"):
        return value + timedelta(microseconds=1)
    return 7_000 + (value or 0) if column.type.python_type is int else f"{value} "


def test_a_journal_that_nobody_touched_is_intact(office):
    assert faults(office) == []
    assert seal(office, thorough=True) == 0


def test_a_hundred_tampered_edits_and_deletions_are_all_found(office):
    dice = Random(51)
    missed, misnamed = [], []
    for _ in range(TRIES):
        with orm.Session(office.runtime.database.engine) as session:
            lay_down_arms(session)
            table, key = tamper(session, dice)
            session.expire_all()
            found = list(verify_journal(session, office.runtime.vault))
            session.rollback()
        if not found:
            missed.append((table, key))
        elif (found[0].source, found[0].row_key) != (table, key):
            misnamed.append((table, key, str(found[0])))

    assert missed == []
    assert misnamed == []
    assert faults(office) == []


def test_an_end_that_is_cut_off_with_all_its_rows_is_found(office):
    with orm.Session(office.runtime.database.engine) as session:
        lay_down_arms(session)
        last = session.scalars(sa.select(JournalEntry).order_by(JournalEntry.number.desc()).limit(4)).all()
        for entry in last:
            source = next(each for each in SOURCES if each.name == entry.source)
            for row in rows_by_key(session, source, [entry.row_key]).values():
                session.delete(row)
            session.delete(entry)
        before = session.get(JournalEntry, last[-1].number - 1)
        head = session.get(JournalHead, 1)
        head.number, head.link = before.number, before.link
        session.flush()
        found = [str(fault) for fault in verify_journal(session, office.runtime.vault)]

    assert found == ["journal_head 1 (no entry): the mark at the end of the journal was altered"]


def test_a_position_noted_elsewhere_shows_a_database_that_was_set_back(office):
    noted = newest_head(office.runtime.database.reads())
    complain_and_hang_up(office, CORA)
    seal(office)

    assert faults(office, kept=noted) == []
    assert faults(office, kept=Head(noted.number, "00" * 32)) != []
    assert next(fault.what for fault in faults(office, kept=Head(10_000, "00" * 32))).startswith("the end of the")


def test_a_row_that_somebody_without_our_keys_puts_there_is_found(office):
    case = office.cases()[0]
    with office.runtime.database.sessions.begin() as session:
        session.execute(
            sa.text(
                "INSERT INTO case_events (case_id, at, kind, actor, text, key) "
                "VALUES (:case, '2026-03-02 10:00:00', 'closed', 'staff:1', :text, 'made-up')"
            ),
            {"case": case.id, "text": b"\x02k1" + bytes(40)},
        )

    assert seal(office) == 0
    assert [fault.what for fault in faults(office)] == ["the row was put there by somebody else"]


@pytest.mark.parametrize("verb", ["UPDATE turns SET node = 'x'", "DELETE FROM case_events", "DELETE FROM journal"])
def test_the_database_itself_refuses_changes(office, verb):
    with pytest.raises(sa.exc.DBAPIError, match="append-only"), office.runtime.database.sessions.begin() as session:
        session.execute(sa.text(verb))


def test_the_clock_checks_part_by_part_and_begins_again_at_the_end(office):
    vault = office.runtime.vault
    with office.runtime.database.reads() as session:
        entries = session.scalar(sa.select(sa.func.count()).select_from(JournalEntry))
        through, rounds = 0, 0
        while True:
            through, fault = check_part(session, vault, through, 50)
            assert fault is None
            rounds += 1
            if through == 0:
                break

    assert rounds == -(-entries // 50) + 1


def test_many_writers_and_two_sealing_processes_give_one_chain(office):
    with ThreadPoolExecutor(6) as pool:
        writing = [pool.submit(write, office, number) for number in range(40)]
        sealing = [pool.submit(seal, office) for _ in range(20)]
        for each in (*writing, *sealing):
            each.result(timeout=60)
    seal(office, thorough=True)

    assert faults(office) == []


def write(office: Stage, number: int) -> None:
    runtime = office.runtime
    with runtime.database.sessions.begin() as session:
        case = session.scalars(sa.select(Case).order_by(Case.id)).all()[number % 3]
        note(session, runtime.vault, case, "note", "clock", office.clock.now(), text=str(number))


def test_what_the_clock_finds_stands_in_the_head_until_a_whole_round_finds_nothing(office):
    runtime = office.runtime

    def check() -> Fault | None:
        return check_journal(runtime.database, runtime.vault, now=office.clock.now())

    def head() -> JournalHead:
        with runtime.database.reads() as session:
            return session.get_one(JournalHead, 1)

    with runtime.database.sessions.begin() as session:
        entry = session.get_one(JournalHead, 1)
        honest = entry.mark
        entry.mark = bytes(32)
    assert check() is not None
    assert "was altered" in (head().fault or "")
    with runtime.database.sessions.begin() as session:
        session.get_one(JournalHead, 1).mark = honest
    assert [check(), check()] == [None, None]
    assert (head().fault, head().checked_at) == (None, office.clock.now())
