"""Slow speech, longer time-outs and plain language: chosen once, effective at once, remembered, erasable (S5)."""

from __future__ import annotations

import sqlalchemy as sa

from app.domain.phone_number import PhoneNumber
from app.models.call import Caller
from app.models.spool import Spool
from app.services.erase_person import erase_person
from tests.journeys.cast import ADA, CORA
from tests.journeys.stage import Stage


def last_document(office: Stage) -> str:
    """What the network was told last about a call."""
    return next(each.document for each in reversed(office.carrier.webhooks) if "<Gather" in each.document)


def manner_kept(office: Stage) -> bytes | None:
    """What is remembered of Cora's manner, as it lies in the database."""
    with office.runtime.database.reads() as session:
        return session.scalar(sa.select(Caller.manner))


def test_the_star_makes_every_prompt_slow_and_plain_at_once(office: Stage) -> None:
    """Said more slowly, in plain words, with twice the time to answer."""
    call = office.call(CORA).press("*")

    slow = last_document(office)
    assert '<prosody rate="80%">Gern. Ich spreche jetzt langsamer und einfacher.' in slow
    assert 'timeout="12"' in slow
    assert 'speechTimeout="4"' in slow
    assert "Wenn Sie sich beschweren möchten, drücken Sie die 1." in slow
    call.press("1")
    assert "Wir haben Ihre Beschwerde aufgeschrieben." in last_document(office)


def test_it_is_remembered_for_the_number_and_sealed(office: Stage) -> None:
    """S12: it may tell of somebody's health. The next call is slow from its first word, and the call back too."""
    office.hire("Ada", ADA)
    office.call(CORA).say("langsamer bitte").hang_up()
    assert manner_kept(office) is not None
    assert b"slow" not in (manner_kept(office) or b"")

    call = office.call(CORA)
    assert '<prosody rate="80%">Willkommen' in last_document(office)
    call.press("1").hang_up()
    office.wait(minutes=10)
    greeted = [each.document for each in office.carrier.webhooks if "/voice/customer/" in each.url]
    assert '<prosody rate="80%">Guten Tag' in "".join(greeted)


def test_a_slow_caller_of_a_language_without_a_voice_hears_our_own_voice_slowly(office: Stage) -> None:
    """Bosnian is spoken here; the sound is longer, its words are the same."""
    call = office.call(CORA).press("8")
    call.say("sporije")

    played = [each for each in office.carrier.webhooks if "/voice/speech/" in each.url]
    assert [each.status for each in played] == [200] * len(played)
    assert any(each.startswith("Rado. Sada govorimo sporije i čekamo duže.") for each in call.leg.heard)


def test_usual_again_is_not_kept_and_whoever_is_erased_is_forgotten(office: Stage) -> None:
    office.call(CORA).press("*").press("*").hang_up()
    assert manner_kept(office) is None
    office.call(CORA).press("*").hang_up()
    rt = office.runtime
    with rt.database.sessions.begin() as session:
        session.execute(sa.update(Caller).values(do_not_call=True))
    spool = Spool(rt.settings.var_dir / "spool", rt.vault)
    named, now = rt.board.hotline_named, office.clock.now()
    erase_person(rt.database, rt.vault, office.office.phone, spool, named, PhoneNumber(CORA), "request", now=now)

    assert manner_kept(office) is None
