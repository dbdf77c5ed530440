"""Hours, contact, company and standard questions: by key, by words, and as a text message (T3, S2, S8, K1, K3)."""

from __future__ import annotations

from datetime import UTC, datetime

from tests.journeys.cast import CORA, WITHHELD
from tests.journeys.stage import Stage


def heard(call: object) -> str:
    """What was said last, until the caller was waited for."""
    return str(call.leg.heard[-1])  # type: ignore[attr-defined]


def test_the_hours_are_heard_by_key_and_by_one_word(office: Stage) -> None:
    """T3."""
    hours = "Persönlich sind wir zu diesen Zeiten für Sie da. Montag bis Freitag von 8 Uhr bis 18 Uhr."

    assert hours in heard(office.call(CORA).press("5").press("1"))
    assert hours in heard(office.call(CORA).say("Wann haben Sie Öffnungszeiten?"))


def test_a_holiday_ahead_is_told_with_the_hours(office: Stage) -> None:
    office.clock.set(datetime(2026, 4, 1, 9, tzinfo=UTC))

    assert "Am 3. April ist geschlossen: Karfreitag." in heard(office.call(CORA).press("5").press("1"))


def test_who_wants_a_human_on_a_holiday_hears_why_nobody_is_there_and_until_when(office: Stage) -> None:
    """S2; the promise that is offered counts no hour of such a day, either."""
    office.clock.set(datetime(2026, 4, 3, 9, tzinfo=UTC))
    call = office.call(CORA).press("0")

    assert "Heute ist geschlossen: Karfreitag. Wieder da sind wir: morgen um 9 Uhr." in heard(call)
    call.press("1").hang_up()
    assert office.promise().due_at == datetime(2026, 4, 4, 11, tzinfo=UTC)


def test_contact_and_company_are_sent_as_a_text_message_on_request(office: Stage) -> None:
    """S8, and the channels of T3."""
    call = office.call(CORA).press("5").press("3")
    assert "Sie sprechen mit Muster Haushaltsgeräte GmbH, Musterstraße 1, 10115 Berlin." in heard(call)
    assert heard(call.press("1")).startswith("Die Nachricht ist unterwegs.")
    office.wait(minutes=1)

    (text,) = office.texts_to(CORA)
    assert "HRB 123456" in text
    assert "service@muster-haushalt.example" in text
    assert "Montag bis Freitag von 8:00 Uhr bis 18:00 Uhr" in text


def test_who_withholds_the_number_hears_why_no_text_can_be_sent(office: Stage) -> None:
    call = office.call(WITHHELD).press("5").press("2").press("1")

    assert heard(call).startswith("Ihre Nummer wird nicht übermittelt")


def test_six_topics_fit_five_keys_and_each_is_told_with_its_date(office: Stage) -> None:
    """K1: the fifth key leads to the rest."""
    call = office.call(CORA).press("5").press("4")
    assert "Für Gewährleistung und Garantie drücken Sie die 1." in heard(call)
    assert "Für weitere Themen drücken Sie die 5." in heard(call)
    call.press("5")
    assert "Für Einweisung und Schulung drücken Sie die 1. Für Hilfe bei Störungen drücken Sie die 2." in heard(call)
    call.press("1")

    assert "Bei der Lieferung großer Geräte zeigen wir Ihnen die Bedienung." in heard(call)
    assert "Stand: 1. Oktober 2026." in heard(call)


def test_a_question_in_words_is_answered_from_the_first_menu_on(office: Stage) -> None:
    """K3: one sentence from the ring to the answer; and as a text for each topic."""
    call = office.call(CORA).say("Wie lange habe ich Garantie?")
    assert "zwei Jahre gesetzliche Gewährleistung" in heard(call)
    call.press("2").press("3").say("Was kostet die Reparatur?").press("2")
    office.wait(minutes=1)

    assert [text.split(". ")[0] for text in office.texts_to(CORA)] == [
        "Muster Haushaltsgeräte GmbH: Gewährleistung und Garantie",
        "Muster Haushaltsgeräte GmbH: Kosten und Dauer einer Reparatur",
    ]


def test_what_may_mean_two_topics_is_read_back(office: Stage) -> None:
    call = office.call(CORA).press("5").press("4").say("Garantie auf Zubehör")

    assert heard(call).startswith("Meinen Sie dies? Für Gewährleistung und Garantie drücken Sie die 1.")
    assert "Für Zubehör und Ersatzteile drücken Sie die 2." in heard(call)
    call.press("2")
    assert "mindestens zehn Jahre" in heard(call)


def test_where_nothing_is_found_a_human_helps_or_calls_back(office: Stage) -> None:
    """Never a dead end."""
    call = office.call(CORA).press("5").press("4").say("Wo liegt Bremen?")

    assert heard(call).startswith("Dazu habe ich keine Auskunft gefunden. Ein Mensch hilft Ihnen weiter.")
    call.press("1").hang_up()
    assert office.promise().status == "open"


def test_the_same_by_text(office: Stage) -> None:
    """S7: who writes asks like who speaks."""
    office.carrier.text(CORA, office.number, "Garantie?")

    assert "Für jedes Gerät gelten zwei Jahre" in office.texts_to(CORA)[-1]
