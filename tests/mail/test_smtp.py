"""Letters over SMTP: written so that any mail program reads them, and told apart by what is worth another try."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from app.mail.port import Letter, LetterNotTaken
from app.mail.smtp import SmtpServer
from app.simulator.mail import MailBox, serve

LETTER = Letter(
    key="case:letter:1",
    to="cora@example.org",
    from_address="service@muster-haushalt.example",
    from_name="Müller & Söhne",
    subject="Beleg Ihrer Kündigung",
    body="Guten Tag,\n\nIhre Kündigung ist eingegangen.\n",
    language="de",
    written_at=datetime(2026, 3, 2, 9, 0, tzinfo=UTC),
)


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def box(port: int) -> Iterator[MailBox]:
    box = MailBox()
    controller = serve(box, "127.0.0.1", port)
    yield box
    controller.stop()


def test_a_letter_arrives_as_it_was_written_and_a_repetition_can_be_told(box: MailBox, port: int) -> None:
    server = SmtpServer(f"smtp://127.0.0.1:{port}", is_local=True)

    first, again = server.send(LETTER), server.send(LETTER)
    other = server.send(replace(LETTER, key="case:letter:2"))

    assert first == again != other
    assert len(box.letters) == 3
    assert len(box.different()) == 2
    letter = box.letters[0]
    assert (letter["Subject"], letter["To"]) == (LETTER.subject, LETTER.to)
    assert letter["From"].addresses[0].display_name == "Müller & Söhne"
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines() == LETTER.body.splitlines()


@pytest.mark.parametrize(("mood", "hopeless"), [("busy", False), ("refusing", True)])
def test_what_passes_by_itself_is_worth_another_try(box: MailBox, port: int, mood: str, hopeless: bool) -> None:
    box.mood = mood
    with pytest.raises(LetterNotTaken, match=r"refused with \d{3}") as refusal:
        SmtpServer(f"smtp://127.0.0.1:{port}", is_local=True).send(LETTER)
    assert refusal.value.hopeless is hopeless
    assert box.letters == []


def test_a_server_that_is_away_is_tried_again(port: int) -> None:
    with pytest.raises(LetterNotTaken, match="ConnectionRefusedError") as away:
        SmtpServer(f"smtp://127.0.0.1:{port}", is_local=True).send(LETTER)
    assert not away.value.hopeless


def test_over_the_network_nothing_goes_unencrypted(box: MailBox, port: int) -> None:
    """The server offers no STARTTLS; the letter stays here."""
    with pytest.raises(LetterNotTaken, match="SMTPNotSupportedError"):
        SmtpServer(f"smtp://127.0.0.1:{port}", is_local=False).send(LETTER)
    assert box.asked == 0


@pytest.mark.parametrize(
    "faulty",
    [{"subject": "a\nBcc: b@example.org"}, {"to": "cora@"}],
    ids=["a header of its own", "half an address"],
)
def test_what_no_letter_can_hold_needs_a_person_and_stands_in_nobodys_way(
    box: MailBox, port: int, faulty: dict[str, str]
) -> None:
    with pytest.raises(LetterNotTaken) as refusal:
        SmtpServer(f"smtp://127.0.0.1:{port}", is_local=True).send(replace(LETTER, **faulty))
    assert refusal.value.hopeless
    assert box.letters == []
