"""The receipt of a cancellation also goes by e-mail, if the caller wishes, whatever the mail server does (S9)."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.domain.errors import Conflict
from app.domain.phone_number import PhoneNumber
from app.mail.port import Letter, LetterNotTaken
from app.mail.smtp import write
from app.models.outbox import LETTER, OutboxItem
from app.models.spool import Spool
from app.services.erase_person import erase_person
from app.services.post_letters import post_letter_again
from app.simulator.mail import MailBox
from tests.journeys.cast import CORA, press_all
from tests.journeys.stage import Stage, is_in_order
from tests.journeys.test_the_end_of_a_contract import GOODS, book

ADDRESS = "cora@example.org"


class Wire:
    """Between the office and the mail server; can be cut."""

    def __init__(self, box: MailBox) -> None:
        self.box, self.is_cut = box, False

    def send(self, letter: Letter) -> str:
        if self.is_cut:
            raise LetterNotTaken("ConnectionRefusedError", hopeless=False)
        message = write(letter)
        reply = self.box.take(message.as_bytes())
        if not reply.startswith("250"):
            raise LetterNotTaken(f"refused with {reply[:3]}", hopeless=reply.startswith("5"))
        return str(message["Message-ID"])


@pytest.fixture
def mail(office: Stage) -> Wire:
    wire = Wire(MailBox())
    office.office.mail = wire
    return wire


def letters(office: Stage) -> Sequence[OutboxItem]:
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(OutboxItem).where(OutboxItem.kind == LETTER)).all()


def statuses(office: Stage) -> list[str]:
    return [each.status for each in letters(office)]


def cancel_with_letter(office: Stage) -> None:
    """To the address on file: cancel, no withdrawal, by e-mail, yes, done."""
    book(office, GOODS)
    press_all(office.call(CORA), "2", "3", "4", "1", "1")


def test_it_goes_to_the_address_on_file_with_all_that_the_law_wants_in_it(office: Stage, mail: Wire) -> None:
    """BGB § 312k (4): content, date and time of receipt, and when the contract ends."""
    cancel_with_letter(office)
    office.wait(minutes=1)

    (letter,) = mail.box.letters
    assert letter["To"] == ADDRESS
    assert letter["From"].addresses[0].addr_spec == "service@muster-haushalt.example"
    said = letter.get_content()
    assert is_in_order(
        [
            "Eingang: 2. März 2026, 10:00:",
            "Kündigung des Vertrags K-4711 (Wasserkocher)",
            "gilt ab sofort",
            "Vorgangsnummer",
        ],
        said,
    )
    assert office.case().protocol in said
    assert is_in_order(["email_wished", "letter_queued", "letter_sent"], " ".join(office.history()))


def test_an_address_is_told_by_answering_the_text_message(office: Stage, mail: Wire) -> None:
    """Nobody spells an address on the telephone."""
    press_all(office.call(CORA), "2", "#", "4", "1")
    office.wait(minutes=1)
    assert "antworten Sie mit Ihrer Adresse" in office.texts_to(CORA)[0]
    assert mail.box.letters == []

    office.carrier.text(CORA, office.number, f"Gerne an {ADDRESS}. Danke!")
    office.wait(minutes=1)

    (letter,) = mail.box.letters
    assert letter["To"] == ADDRESS
    assert "schicken wir auch per E-Mail" in office.texts_to(CORA)[-1]
    assert [case.kind for case in office.cases()] == ["cancellation"]


def test_a_mail_server_that_is_away_gets_it_when_it_is_back(office: Stage, mail: Wire) -> None:
    mail.is_cut = True
    cancel_with_letter(office)
    office.wait(hours=5)
    assert statuses(office) == ["waiting"]
    assert letters(office)[0].cause == "ConnectionRefusedError"

    mail.is_cut = False
    office.wait(hours=2)

    assert statuses(office) == ["sent"]
    assert len(mail.box.letters) == 1


def test_a_letter_whose_sender_died_goes_again_under_the_same_name(office: Stage, mail: Wire) -> None:
    cancel_with_letter(office)
    office.wait(minutes=1)
    with office.runtime.database.sessions.begin() as session:  # it was taken, and nobody lived to write that down
        lapses_at = office.clock.now() + timedelta(seconds=30)
        lost = sa.update(OutboxItem).where(OutboxItem.kind == LETTER)
        session.execute(lost.values(status="sending", claimed_until=lapses_at))
    office.wait(minutes=10)

    assert statuses(office) == ["sent"]
    assert (len(mail.box.letters), len(mail.box.different())) == (2, 1)


def test_a_sender_that_slept_past_its_lease_does_not_put_off_what_another_is_sending(
    office: Stage,
) -> None:
    class Sleeper:
        def send(self, _letter: Letter) -> str:
            with office.runtime.database.sessions.begin() as session:  # meanwhile another sender takes it
                taken_over = sa.update(OutboxItem).where(OutboxItem.kind == LETTER)
                later = office.clock.now() + timedelta(hours=1)
                session.execute(taken_over.values(tries=OutboxItem.tries + 1, claimed_until=later))
            raise LetterNotTaken("TimeoutError", hopeless=False)

    office.office.mail = Sleeper()
    cancel_with_letter(office)
    office.wait(minutes=1)

    assert [(each.status, each.tries, each.cause) for each in letters(office)] == [("sending", 2, None)]


def test_a_refused_letter_is_told_and_sent_again_by_hand(office: Stage, mail: Wire) -> None:
    mail.box.mood = "refusing"
    cancel_with_letter(office)
    office.wait(minutes=5)
    assert statuses(office) == ["failed"]
    assert "letter_failed" in office.history()

    mail.box.mood = "well"
    with office.runtime.database.sessions.begin() as session:
        post_letter_again(session, letters(office)[0].id, now=office.clock.now())
    office.wait(minutes=5)

    assert statuses(office) == ["sent"]
    with office.runtime.database.sessions.begin() as session, pytest.raises(Conflict):
        post_letter_again(session, letters(office)[0].id, now=office.clock.now())


def test_nothing_of_it_is_left_of_somebody_who_is_erased(office: Stage, mail: Wire) -> None:
    cancel_with_letter(office)
    office.wait(minutes=1)
    rt = office.runtime

    erase_person(
        rt.database, rt.vault, office.office.phone, Spool(rt.settings.var_dir / "spool", rt.vault),
        rt.board.hotline_named, PhoneNumber(CORA), "asked", now=office.clock.now() + timedelta(days=400),
    )  # fmt: skip

    (letter,) = letters(office)
    assert rt.vault.open(letter.payload, f"outbox:{letter.key}") == {}
    with rt.database.reads() as session:
        left = session.execute(sa.text("SELECT email FROM cancellations")).scalar_one()
        assert session.execute(sa.text("SELECT count(*) FROM contracts")).scalar_one() == 0
    assert left is None
