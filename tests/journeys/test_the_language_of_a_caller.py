"""Which language a caller hears, how it changes, and that it stays with the case and the callback."""

from __future__ import annotations

import pytest

from app.simulator.line import Line
from tests.journeys.cast import ADA, BIA, CORA, ELLA, MILA, TELL_ALL, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, heard_by

AUSTRIAN = "+436641234567"
JAPANESE = "+819012345678"


@pytest.fixture
def database_url(sqlite_url: str) -> str:
    """Languages are no matter of the database."""
    return sqlite_url


def languages_of(line: Line) -> set[str]:
    """The languages of what was heard since the caller's last move, by their first two letters."""
    return {piece.language[:2].lower() for piece in line.heard[line.leg.heard_from :]}


@pytest.mark.parametrize(
    ("number", "language"),
    [(CORA, "de"), (AUSTRIAN, "de"), (ELLA, "en"), (BIA, "pt-BR"), (MILA, "bs"), (JAPANESE, "de")],
    ids=["Germany", "Austria", "Britain", "Brazil", "Bosnia", "Japan: the hotline's main language"],
)
def test_the_caller_s_country_picks_the_first_language(office: Stage, number: str, language: str) -> None:
    """And the subjects come in it at once; no question about the language before them (S3)."""
    call = office.call(number)

    company = "Muster Haushaltsgeräte GmbH"
    assert call.heard[0].startswith(office.prompt(language, "welcome", company=company))


def test_every_other_language_says_in_its_own_words_how_to_get_it(office: Stage) -> None:
    """Nobody needs to understand German to find English."""
    call = office.call(CORA)

    offers = {piece.language[:2]: str(piece) for piece in call.heard[1:]}
    assert offers["en"] == "For English, say English or press 6."
    assert offers["pt"] == "Para português, diga português ou tecle 7."
    assert offers["bs"] == "Za bosanski ili hrvatski recite bosanski ili pritisnite 8."


@pytest.mark.parametrize("turns", [0, 1, 4, 5, 8])
def test_a_key_changes_the_language_at_any_time_without_losing_the_place(office: Stage, turns: int) -> None:
    """Keys 6, 7 and 8 hold at every wait."""
    call = press_all(office.call(CORA), *TELL_ALL[:turns])
    question = call.last_heard

    call.press("6")

    assert "en" in languages_of(call)
    if turns:
        assert languages_of(call) == {"en"}
    call.press("6")  # the key of the language in use leads back to the main one
    assert question.split(". ")[-1] in call.last_heard


@pytest.mark.parametrize(
    ("words", "language"), [("English", "en"), ("auf Portugiesisch", "pt"), ("hrvatski", "bs"), ("Deutsch", "de")]
)
def test_a_language_is_asked_for_by_its_name_at_any_time(office: Stage, words: str, language: str) -> None:
    """EN 301 549 6.4: who presses no keys changes it, too; the name of the one in use repeats."""
    call = office.call(CORA).press("1")
    question = call.last_heard.split(". ")[-1]

    call.say(words)

    assert languages_of(call) == {language}
    assert (question in call.last_heard) is (language == "de")


def test_the_changed_language_is_remembered_for_the_next_call(office: Stage) -> None:
    """A caller chooses once."""
    office.call(CORA).press("6").press("1").hang_up()

    call = office.call(CORA)

    assert call.heard[0].startswith("Welcome to the customer service")


def test_the_language_holds_for_the_deadline_the_text_and_the_callback(office: Stage) -> None:
    """Lessons 17: a callback that speaks the wrong language."""
    office.hire("Ada", ADA)
    call = press_all(office.call(CORA), "6", *TELL_ALL)
    assert "2:15 p.m. today" in call.last_heard
    call.hang_up()
    office.wait(minutes=5)

    (ring,) = office.rings_at(CORA)
    assert heard_by(ring).startswith("Hello, this is Muster Haushaltsgeräte GmbH with the call we promised you")
    assert all(text.startswith("Muster Haushaltsgeräte GmbH: your complaint") for text in office.texts_to(CORA))
    assert office.promise().status == "kept"


def test_an_agent_is_spoken_to_in_a_language_of_their_own(office: Stage) -> None:
    """The whisper is for the agent, not for the customer."""
    office.hire("Ada", ADA, "en", "de")
    complain_and_hang_up(office)
    office.wait(minutes=5)

    assert heard_by(office.rings_at(ADA)[0]).startswith("Callback, promised by")


def test_a_promise_goes_to_an_agent_who_speaks_the_language(office: Stage) -> None:
    """T12: who is competent for it."""
    office.hire("Ada", ADA, "de", "en")
    bosnian = office.hire("Ben", "+493012345672", "bs")
    complain_and_hang_up(office, MILA)
    office.wait(minutes=5)

    assert [attempt.staff_id for attempt in office.attempts()] == [bosnian]


def test_bosnian_is_played_as_sound(office: Stage) -> None:
    """The network has no voice for it; what is played is signed, cached and the same words."""
    call = office.call(MILA)

    assert "<Play>" in call.documents[0]
    assert call.heard[0].audio.endswith(".wav")
    assert call.heard[0].startswith("Dobro došli")
    assert call.press("1").last_heard.startswith("Žao nam je")
