"""A complaint by telephone: what is asked, heard, on record and texted (T1, T2, T4 to T9, T20)."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pytest

from tests.journeys.cast import BIA, CORA, ELLA, MILA, SAC, TELL_ALL, complain, press_all
from tests.journeys.stage import Stage, heard_by, is_in_order


@dataclass(frozen=True)
class Spoken:
    """What callers of one language must hear in the end."""

    language: str
    number: str
    hotline: str
    keys: tuple[str, ...]
    deadline: str
    written: str


GERMAN = ("+493012345600", TELL_ALL)
BRAZILIAN = (SAC, ("1", *TELL_ALL[2:]))  # recording is announced there, not asked for
LANGUAGES = [
    Spoken("de", CORA, *GERMAN, "heute um 14 Uhr 15", "Montag, 2. März, 14:15 Uhr"),
    Spoken("en", ELLA, *GERMAN, "1:15 p.m. today, London time", "Monday, March 2, 1:15 p.m."),
    Spoken("bs", MILA, *GERMAN, "danas u četrnaest sati i petnaest minuta", "ponedjeljka, 2. marta u 14:15"),
    Spoken("pt-BR", BIA, *BRAZILIAN, "hoje às 12 horas", "segunda-feira, 2 de março, 12h00"),
]


def spoken_digits(protocol: str) -> str:
    """A protocol number as digit after digit, in groups: 2, 6, 8; 6, 4, 9; 7, 1, 9, 3."""
    groups = (protocol[:3], protocol[3:6], protocol[6:])
    return "; ".join(", ".join(group) for group in groups)


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda spoken: spoken.language)
def test_with_keys_alone_the_caller_hears_acceptance_regret_the_way_a_solution_and_a_deadline(
    office: Stage, spoken: Spoken
) -> None:
    """T2, T6, T7, T8, T9."""
    call = press_all(office.call(spoken.number, spoken.hotline), *spoken.keys)

    said = [
        office.prompt(spoken.language, name)
        for name in ("complaint_accepted", "complaint_procedure", "complaint_solution")
    ]
    assert is_in_order([*said, spoken.deadline], call.last_heard)
    assert {piece.language.lower()[:2] for piece in call.heard[-1:]} == {spoken.language[:2]}


@pytest.mark.parametrize("spoken", LANGUAGES, ids=lambda spoken: spoken.language)
def test_the_text_message_says_the_same_number_and_deadline(office: Stage, spoken: Spoken) -> None:
    """T9: and in the caller's language."""
    press_all(office.call(spoken.number, spoken.hotline), *spoken.keys).hang_up()
    office.wait(seconds=30)

    (text,) = office.texts_to(spoken.number)
    assert spoken.written in text
    assert office.case().protocol in text.replace(" ", "")
    assert office.promise().language == office.case().language == spoken.language


def test_the_protocol_number_is_spoken_digit_by_digit_and_again_on_request(office: Stage) -> None:
    """T9: with a check digit, as often as wished."""
    call = complain(office)
    digits = spoken_digits(office.case().protocol)
    first = call.last_heard

    call.press("1").press("9")

    assert digits in first
    assert digits in call.last_heard
    assert call.press("2").over


def test_the_deadline_that_was_spoken_is_kept_word_for_word(office: Stage) -> None:
    """T15: the ledger holds the words, their language and the version of the flow."""
    call = complain(office)

    promise = office.promise()
    assert "heute um 14 Uhr 15" in office.spoken(promise)
    assert office.spoken(promise) in heard_by(call)
    assert promise.flow_version == office.calls()[0].flow_version


def test_every_answer_stands_in_the_record(office: Stage) -> None:
    """T1, T5, B2: the kind, what it is about, the story, nobody hurt, the remedy, the number."""
    call = office.call(CORA)
    call.press("1").press("1").press("1").say("Ein Wasserkocher").press("3")
    call.say("Er ist nach zwei Tagen durchgebrannt.").press("#")
    press_all(call, "2", "2", "1", "1").hang_up()

    record = office.record()
    assert record.matter.kinds == ("compensation",)
    assert (record.matter.about, record.matter.product) == ("product", "Ein Wasserkocher")
    assert record.matter.narrative == "Er ist nach zwei Tagen durchgebrannt."
    assert (record.matter.injury, record.matter.remedy_requested) == (False, "repair")
    assert record.complainant.phone == CORA
    assert record.receipt.recording_ref is not None
    assert (record.assessment.regret_said, record.assessment.process_explained) == (True, True)


def test_the_record_grows_with_the_call(office: Stage) -> None:
    """T4: what is known is on record, and how much that is."""
    call = office.call(CORA).press("1")
    at_first = office.case().completeness
    press_all(call, *TELL_ALL[1:])
    promised = office.case().completeness
    call.hang_up()

    assert 0 < at_first < promised <= office.case().completeness <= 100


def test_several_kinds_may_hold_when_they_are_said(office: Stage) -> None:
    """T1."""
    call = press_all(office.call(CORA), "1", "2", "1", "#")
    call.say("Ich bin unzufrieden und verlange Schadenersatz")
    press_all(call, "#", "2", "1", "1", "1").hang_up()

    assert set(office.record().matter.kinds) == {"dissatisfaction", "compensation"}


def test_whoever_speaks_instead_of_pressing_is_understood(office: Stage) -> None:
    """S5: no menu needs keys."""
    call = office.call(CORA)
    for words in ("Ich habe eine Beschwerde", "nein", "Produkt", "Ein Toaster", "unzufrieden", "Er brennt."):
        call.say(words)
    for words in ("nein", "Geld zurück", "ja", "ja"):
        call.say(words)

    assert "heute um 14 Uhr 15" in call.last_heard
    assert office.record().matter.product == "Ein Toaster"
    assert office.record().matter.remedy_requested == "refund"


def test_without_consent_nothing_is_recorded_and_the_story_is_heard_all_the_same(office: Stage) -> None:
    """StGB § 201: a way on without a recording."""
    call = press_all(office.call(CORA), "1", "2", "1", "#", "1")
    call.say("Die Tür schließt nicht mehr.")
    press_all(call, "2", "1", "1", "1").hang_up()

    record = office.record()
    assert record.matter.narrative == "Die Tür schließt nicht mehr."
    assert record.receipt.recording_ref is None
    assert record.receipt.recording_consent is not None
    assert record.receipt.recording_consent.status == "refused"
    assert not any("<Record" in document or "<Transcription" in document for document in call.documents)


def test_silence_is_no_consent_to_a_recording(office: Stage) -> None:
    """StGB § 201."""
    call = office.call(CORA).press("1")
    call.stay_silent().stay_silent().stay_silent()
    press_all(call, "1", "#", "1")

    assert office.prompt("de", "story_words") in call.last_heard
    assert not any("<Record" in document for document in call.documents)


def test_the_brazilian_hotline_announces_the_recording_and_asks_nothing(office: Stage) -> None:
    """Decreto 11.034/2022 art. 12."""
    call = office.call(BIA, SAC).press("1")

    assert is_in_order([office.prompt("pt-BR", "consent_announced"), office.prompt("pt-BR", "about")], call.last_heard)
    call.hang_up()
    consent = office.record().receipt.recording_consent
    assert consent is not None
    assert consent.status == "announced"


def test_a_german_calling_the_brazilian_hotline_is_asked_all_the_same(office: Stage) -> None:
    """The stricter of two laws counts."""
    call = office.call(CORA, SAC).press("1")

    assert office.prompt("de", "consent_ask") in call.last_heard


def test_the_record_says_when_consent_was_asked_for_and_given(office: Stage) -> None:
    """The proof of a consent is worth nothing with another moment in it."""
    call = office.call(CORA).press("1")
    asked = office.clock.now()
    call.press("1")
    answered = office.clock.now()
    press_all(call, "1", "#", "1").say("Alles kaputt.").press("#")
    press_all(call, "2", "1", "1", "1").hang_up()

    consent = office.record().receipt.recording_consent
    assert consent is not None
    assert consent.asked_at is not None
    assert consent.answered_at is not None
    assert consent.asked_at <= asked
    assert consent.asked_at < consent.answered_at <= answered


def test_what_was_understood_is_read_back_and_can_be_corrected(office: Stage) -> None:
    """T20: misunderstandings are cleared up in the call."""
    call = press_all(office.call(CORA), *TELL_ALL[:-1])
    assert office.prompt("de", "read_remedy_refund") in call.last_heard

    press_all(call, "2", "4", "2")  # not right; the wish; a repair

    assert office.prompt("de", "read_remedy_repair") in call.last_heard
    assert office.prompt("de", "read_remedy_refund") not in call.last_heard
    call.press("1").hang_up()
    assert office.record().matter.remedy_requested == "repair"


def test_a_corrected_kind_replaces_the_wrong_one(office: Stage) -> None:
    """T1, T20."""
    call = press_all(office.call(CORA), *TELL_ALL[:-1])
    press_all(call, "2", "2", "4")  # not right; the kind; something should change
    assert office.prompt("de", "read_kinds_change") in call.last_heard
    call.press("1").hang_up()

    assert office.record().matter.kinds == ("change",)


def test_the_case_has_a_deadline_and_a_history_at_once(office: Stage) -> None:
    """T10, T14."""
    complain(office).hang_up()

    case = office.case()
    assert case.legal_due_at is not None
    assert office.promise().due_at < case.legal_due_at
    assert is_in_order(["received", "promised", "text_queued", "call_ended"], " ".join(office.history()))


def test_no_word_of_advertising_and_no_number_is_asked_for_before_the_complaint(office: Stage) -> None:
    """S3, S4, T2: the first menu is the subject menu."""
    call = office.call(CORA)

    first = heard_by(call)
    assert first.index("Beschwerde") < first.index("Kündigung") < first.index("Produktrückruf")
    assert not re.search(r"Angebot|Rabatt|Kundennummer", first)
    call.press("1")
    assert office.case().kind == "complaint"
