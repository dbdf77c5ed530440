"""How long things are kept, what a legal hold protects, and what is left of somebody who was erased (S5, trust 50)."""

from __future__ import annotations

import contextlib
from pathlib import Path
from threading import Barrier, BrokenBarrierError, Lock, Thread

import pytest
import sqlalchemy as sa

from app.domain.phone_number import PhoneNumber
from app.jobs import upkeep
from app.jobs.ticks import Office
from app.models.base import Base
from app.models.call import Recording
from app.models.case import Case
from app.models.chain import JournalEntry, JournalHead, Removal
from app.models.keeping import DataRequest
from app.models.outbox import OutboxItem
from app.models.turns import heard_of
from app.services.data_requests import ask_erasure, ask_history, document_of, hand_over
from app.services.hold_matter import hold_matter, lift_hold
from app.services.seal_journal import seal_journal
from app.services.verify_journal import verify_journal
from app.telephony.port import Phone
from tests.journeys.cast import ADA, BIA, CEM, CORA, SAC, complain_and_hang_up, press_all
from tests.journeys.stage import Stage

NAME = "Frau Wunderlich aus der Lindenallee 7"


def tell_a_story(
    office: Stage, number: str = CORA, hotline: str | None = None, *, is_report_lost: bool = False
) -> None:
    """Complain and be recorded telling it.

    Args:
        is_report_lost: whether the network's word about the recording never comes.
    """
    call = office.call(number, hotline)
    press_all(call, "1", *(("1",) if hotline is None else ()), "1")
    call.say("Ein Wasserkocher")
    press_all(call, "1")
    call.say(NAME)
    press_all(call, "2", "1", "1", "1")
    if is_report_lost:
        with office.runtime.database.sessions.begin() as session:
            session.execute(sa.delete(Recording))
    call.hang_up()
    office.wait(minutes=1)


def keep_books(office: Stage) -> None:
    runtime = office.runtime
    for _ in range(3):
        upkeep.keep_books(office.office)
        upkeep.keep_log(office.office)
    seal_journal(runtime.database, runtime.vault, now=office.clock.now(), thorough=True)


def close(office: Stage, case: Case) -> None:
    with office.runtime.database.sessions.begin() as session:
        session.get_one(Case, case.id).closed_at = office.clock.now()


def is_intact(office: Stage) -> bool:
    with office.runtime.database.reads() as session:
        return [str(fault) for fault in verify_journal(session, office.runtime.vault)] == []


def recordings(office: Stage) -> list[str]:
    """What is still to be had at the network."""
    return [sid for sid, each in office.carrier.recordings.by_sid.items() if not each.deleted]


def rows(office: Stage) -> dict[str, int]:
    with office.runtime.database.reads() as session:
        tables = Base.metadata.sorted_tables
        counts = {each.name: session.scalar(sa.select(sa.func.count()).select_from(each)) or 0 for each in tables}
    return {name: count for name, count in counts.items() if count}


def test_a_recording_in_brazil_is_kept_ninety_days_and_gone_after_a_hundred_and_eighty(office: Stage) -> None:
    tell_a_story(office, BIA, SAC)
    keep_books(office)
    office.clock.advance(days=91)
    keep_books(office)
    after_ninety = recordings(office)
    office.clock.advance(days=88)
    keep_books(office)

    assert len(after_ninety) == 1
    assert recordings(office) == []
    assert "recording_deleted" in office.history()
    assert is_intact(office)


def test_a_recording_of_which_the_network_did_not_report_goes_in_time_too(office: Stage) -> None:
    tell_a_story(office, BIA, SAC, is_report_lost=True)
    keep_books(office)
    office.clock.advance(days=179)
    keep_books(office)

    assert len(office.carrier.recordings.by_sid) == 1
    assert recordings(office) == []


def test_a_message_that_was_left_when_we_were_out_of_order_goes_in_time_too(office: Stage) -> None:
    office.breaks("open_case")
    office.call(BIA, SAC).press("1").say(NAME).press("#").hang_up()
    office.is_mended()
    office.wait(minutes=10)
    keep_books(office)
    before = recordings(office)
    office.clock.advance(days=179)
    keep_books(office)

    assert len(before) == 1
    assert recordings(office) == []
    assert is_intact(office)


def test_a_matter_goes_two_years_after_its_end_with_everything_that_belongs_to_it(office: Stage) -> None:
    office.hire("Ada", ADA)
    tell_a_story(office, BIA, SAC)
    office.wait(hours=3)
    keep_books(office)
    office.clock.advance(days=400)  # open matters stay, however old they are
    keep_books(office)
    close(office, office.case())
    keep_books(office)
    office.clock.advance(days=729)
    keep_books(office)
    before = len(office.cases())
    office.clock.advance(days=2)
    keep_books(office)

    assert before == 1
    of_the_office = ("staff", "clock_anchor", "saved_flows", "heartbeats", "dial_pace")
    left = {name for name in rows(office) if name not in of_the_office}
    assert left == {"journal", "journal_head", "removals"}
    assert is_intact(office)


def test_nothing_under_a_legal_hold_is_removed_until_it_is_lifted(office: Stage) -> None:
    tell_a_story(office)
    case, runtime = office.case(), office.runtime
    with runtime.database.sessions.begin() as session:
        held = session.get_one(Case, case.id)
        hold_matter(session, runtime.vault, held, "court order", "operator", now=office.clock.now())
    close(office, case)
    office.clock.advance(days=5 * 366)
    keep_books(office)
    kept = (len(recordings(office)), len(office.cases()))
    with runtime.database.sessions.begin() as session:
        lift_hold(session, runtime.vault, session.get_one(Case, case.id), "operator", now=office.clock.now())
    keep_books(office)

    assert kept == (1, 1)
    assert (recordings(office), list(office.cases())) == ([], [])
    assert is_intact(office)


def everything(office: Stage, tmp_path: Path) -> bytes:
    """All that histories and records say, all columns, and what lies in the spool, as one text to search in."""
    parts: list[str] = []
    with office.runtime.database.reads() as session:
        for table in Base.metadata.sorted_tables:
            parts += [str(value) for row in session.execute(sa.select(table)) for value in row]
    for case in office.cases():
        parts += [str(office.record(case).to_stored()), *(str(office.details(event)) for event in office.events(case))]
    files = [path.read_bytes() for path in tmp_path.rglob("*.entry")]
    return "\n".join(parts).encode() + b"".join(files)


def still_told(office: Stage) -> dict[str, str]:
    """What every sealed turn, message and promise still says."""
    vault, told = office.runtime.vault, {}
    with office.runtime.database.reads() as session:
        for call in office.calls():
            for row, body in heard_of(session, vault, call.key):
                told[f"turn {call.key} {row.number}"] = str(body)
        for item in session.scalars(sa.select(OutboxItem)):
            told[f"message {item.key}"] = str(vault.open(item.payload, f"outbox:{item.key}"))
        for promise in office.promises():
            told[f"promise {promise.key}"] = str(vault.open(promise.phone, f"promises:phone:{promise.key}"))
    return told


def ask_to_erase(office: Stage, number: str) -> str:
    runtime = office.runtime
    with runtime.database.sessions.begin() as session:
        hotline = next(iter(runtime.hotlines))
        return ask_erasure(session, runtime.vault, PhoneNumber(number), hotline, "operator", now=office.clock.now()).key


def request(office: Stage, key: str) -> DataRequest:
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(DataRequest).where(DataRequest.key == key)).one()


def test_of_somebody_who_was_erased_nothing_is_found_and_the_journal_stays_whole(office: Stage, tmp_path) -> None:
    """Trust 50: one number, 0 hits; what is left names nobody."""
    tell_a_story(office)
    complain_and_hang_up(office, CEM)
    keep_books(office)
    before = rows(office)
    key = ask_to_erase(office, CORA)
    keep_books(office)

    left = everything(office, tmp_path)
    for secret in (CORA, CORA[3:], "Wasserkocher", "Wunderlich", office.runtime.vault.index(CORA)):
        assert secret.encode() not in left, secret
    assert recordings(office) == []
    assert {name for name in still_told(office) if CORA in still_told(office)[name]} == set()
    assert rows(office)["turns"] == before["turns"]
    assert [promise.status for promise in office.promises()] == ["withdrawn", "open"]
    assert is_intact(office)
    asked = request(office, key)
    certificate = document_of(office.runtime.vault, asked)
    assert asked.status == "ready"
    assert certificate is not None
    assert (
        certificate["removed"]["cases"] == certificate["removed"]["calls"] == certificate["removed"]["recordings"] == 1
    )
    assert certificate["removed"]["turns"] > 5
    assert certificate["stays"] == []
    assert CORA not in str(certificate)


class Meeting:
    """The phone of clocks that remove recordings at the same moment: each has seen what there is before any is gone."""

    def __init__(self, phone: Phone, clocks: int) -> None:
        self._phone, self._meeting, self._one = phone, Barrier(clocks), Lock()

    def delete_recording(self, network_id: str) -> None:
        with contextlib.suppress(BrokenBarrierError):
            self._meeting.wait(5)
        with self._one:
            self._phone.delete_recording(network_id)

    def __getattr__(self, name: str) -> object:
        return getattr(self._phone, name)


def removed_of(office: Stage, number: str, clocks: int) -> dict[str, int]:
    """Erase somebody by so many clocks at once; what the certificate says was removed."""
    key = ask_to_erase(office, number)
    shared = Office(office.runtime, Meeting(office.office.phone, clocks))  # type: ignore[arg-type]
    threads = [Thread(target=upkeep.keep_books, args=(shared,)) for _ in range(clocks)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    asked = request(office, key)
    certificate = document_of(office.runtime.vault, asked)
    assert asked.status == "ready"
    assert certificate is not None
    return dict(certificate["removed"])


BOTH = [pytest.param(name, marks=getattr(pytest.mark, name)) for name in ("sqlite", "postgres")]


@pytest.mark.parametrize("database_url", BOTH, indirect=True)
def test_two_clocks_that_erase_somebody_at_once_certify_everything_once(office: Stage) -> None:
    for number in (CORA, CEM):
        tell_a_story(office, number)
    seal_journal(office.runtime.database, office.runtime.vault, now=office.clock.now(), thorough=True)

    assert removed_of(office, CORA, clocks=2) == removed_of(office, CEM, clocks=1)
    assert is_intact(office)


def test_what_is_emptied_without_a_certificate_is_found(office: Stage) -> None:
    tell_a_story(office)
    ask_to_erase(office, CORA)
    keep_books(office)
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.text("DROP TRIGGER removals_append_only ON removals" if not sqlite(office) else NO_TRIGGER))
        session.execute(sa.delete(Removal).where(Removal.subject.startswith("call:")))

    with office.runtime.database.reads() as session:
        faults = [fault.what for fault in verify_journal(session, office.runtime.vault)]
    assert "the row was emptied without a certificate" in faults


NO_TRIGGER = "DROP TRIGGER removals_append_only_delete"


def sqlite(office: Stage) -> bool:
    return office.runtime.database.is_sqlite


def test_what_the_law_obliges_to_keep_outlives_the_request_and_goes_in_its_time(office: Stage) -> None:
    """Decreto 11.034/2022, art. 12: two years from the end of the matter."""
    tell_a_story(office, BIA, SAC)
    key = ask_to_erase(office, BIA)
    keep_books(office)
    first = document_of(office.runtime.vault, request(office, key))
    status = request(office, key).status
    close(office, office.case())
    office.clock.advance(days=366 * 2)
    keep_books(office)

    assert status == "held"
    assert first is not None
    assert first["stays"][0]["why"] == "Decreto 11.034/2022, art. 12"
    assert request(office, key).status == "ready"
    assert is_intact(office)


def test_a_call_that_still_lasts_is_erased_when_it_has_ended(office: Stage) -> None:
    call = press_all(office.call(CORA), "1", "2")
    key = ask_to_erase(office, CORA)
    keep_books(office)
    during = request(office, key).status
    call.hang_up()
    office.wait(minutes=1)
    keep_books(office)

    assert (during, request(office, key).status) == ("held", "ready")
    assert all(office.runtime.vault.open(each.caller, f"calls:caller:{each.key}") == "" for each in office.calls())


@pytest.mark.parametrize(("number", "hotline", "days"), [(CORA, None, 28), (BIA, SAC, 5)])
def test_the_history_of_a_matter_is_written_at_once_and_its_deadline_is_the_laws(
    office: Stage, number: str, hotline: str | None, days: int
) -> None:
    """S5: five days in Brazil."""
    tell_a_story(office, number, hotline)
    runtime, case = office.runtime, office.case()
    with runtime.database.sessions.begin() as session:
        mine = session.get_one(Case, case.id)
        where = runtime.board.hotline_named(case.hotline)
        asked = ask_history(session, runtime.vault, mine, where, "post", "operator", now=office.clock.now())
    keep_books(office)
    written = request(office, asked.key)
    history = document_of(runtime.vault, written)
    with runtime.database.sessions.begin() as session:
        hand_over(session, runtime.vault, session.merge(written), "operator", now=office.clock.now())

    assert (asked.due_at - office.clock.now()).days == days
    assert history is not None
    assert [event["kind"] for event in history["events"]][-1] == "history_written"
    assert history["promises"][0]["words"]
    assert history["record"]["matter"]["narrative"] == NAME
    assert office.history()[-1] == "history_sent"


def test_a_recording_that_the_network_does_not_delete_now_is_deleted_later(office: Stage) -> None:
    tell_a_story(office)
    keep_books(office)
    office.clock.advance(days=100)
    office.carrier.recordings.by_sid[recordings(office)[0]].deleted = True  # gone already: not found there
    keep_books(office)

    with office.runtime.database.reads() as session:
        assert session.scalars(sa.select(Recording.status)).all() == ["deleted"]
        assert (
            session.scalar(sa.select(sa.func.count()).select_from(JournalEntry))
            == session.get_one(JournalHead, 1).number
        )
