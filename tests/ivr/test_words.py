"""The words of every language: the shipped ones are complete, and faulty ones are refused with their place."""

from datetime import UTC, datetime
from pathlib import Path
from shutil import copytree
from zoneinfo import ZoneInfo

import pytest

from app.domain.errors import BadFile
from app.ivr.prompt_text import Maybe, Slot
from app.ivr.words import Words

PROMPTS = Path(__file__).parents[2] / "ivr_flows" / "prompts"
NOW = datetime(2026, 11, 22, 9, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
LANGUAGES = ("bs", "de", "en", "pt-BR")


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(PROMPTS)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return copytree(PROMPTS, tmp_path / "prompts")


def change(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def faults(folder: Path) -> list[str]:
    with pytest.raises(BadFile) as refused:
        Words.load(folder)
    return [str(fault).removeprefix(f"{folder}/") for fault in refused.value.faults]


def text(words: Words, language: str, prompt: str, **slots: object) -> str:
    return words.text(language, prompt, slots, now=NOW, zone=BERLIN)


def test_four_languages_are_shipped(words: Words) -> None:
    assert words.languages == LANGUAGES


@pytest.mark.parametrize(
    ("language", "option"),
    [
        ("de", "Für eine Beschwerde drücken Sie die 1."),
        ("en", "To make a complaint, press 1."),
        ("pt-BR", "Para fazer uma reclamação, tecle 1."),
        ("bs", "Za žalbu ili reklamaciju pritisnite 1."),
    ],
)
def test_an_option_says_what_it_is_for_and_then_its_key(words: Words, language: str, option: str) -> None:
    assert text(words, language, "press", purpose="to_complaint", key="1") == option


@pytest.mark.parametrize(
    ("language", "promise"),
    [
        ("de", "Wir rufen Sie spätestens Donnerstag, den 26. November, um 15 Uhr 30 an."),
        ("en", "We will call you by Thursday, November 26th, at 3:30 p.m. at the latest."),
        ("pt-BR", "Vamos ligar, no máximo, até quinta-feira, 26 de novembro, às 15 horas e 30 minutos."),
        ("bs", "Nazvat ćemo Vas najkasnije do četvrtka, dvadeset šestog novembra, u petnaest sati i trideset minuta."),
    ],
)
def test_a_promise_names_its_deadline_in_the_callers_language_and_zone(
    words: Words, language: str, promise: str
) -> None:
    assert text(words, language, "promise_due", due_at="2026-11-26T14:30:00+00:00") == promise


def test_a_receipt_is_written_and_a_prompt_is_spoken(words: Words) -> None:
    receipt = text(words, "de", "text.receipt.complaint", company="Alba", protocol="2612345679", due=NOW)

    assert receipt.startswith("Alba: Ihre Beschwerde ist angenommen, Vorgang 26 1234 5679.")
    assert receipt.endswith("spätestens Sonntag, 22. November, 10:00 Uhr.")
    assert text(words, "de", "protocol", protocol="2612345679").endswith("2, 6, 1; 2, 3, 4; 5, 6, 7, 9.")


def test_a_part_in_brackets_is_left_out_while_its_slot_is_empty(words: Words) -> None:
    known = {"due": NOW, "protocol": "2612345679"}

    assert text(words, "de", "agent.whisper", **known, kind="complaint", product="Toaster", name="Ada").startswith(
        "Rückruf für Ada, versprochen bis heute um 10 Uhr. Beschwerde zu Toaster. Vorgang 2,"
    )
    assert text(words, "de", "agent.whisper", **known, kind="kind.recall", product="").startswith(
        "Rückruf, versprochen bis heute um 10 Uhr. Anfrage wegen eines Produktrückrufs. Vorgang 2,"
    )
    assert text(words, "de", "agent.whisper", **known) == (
        "Rückruf, versprochen bis heute um 10 Uhr. Vorgang 2, 6, 1; 2, 3, 4; 5, 6, 7, 9."
    )


def test_what_is_not_known_yet_is_left_out_and_harms_nothing(words: Words) -> None:
    assert text(words, "en", "promise_due", due_at="") == "We will call you by  at the latest."
    assert text(words, "en", "cancellation_later") == "When shall it end?"


def test_a_slot_for_a_prompt_takes_the_name_of_one_or_plain_text(words: Words) -> None:
    assert text(words, "bs", "hours_days", day="day_0", last_day="day_4", opens="09:00", closes="17:00") == (
        "Od ponedjeljka do petka, od devet sati do sedamnaest sati."
    )
    assert text(words, "en", "press", purpose="For tea", key="1") == "For tea, press 1."


def test_a_prompt_that_leads_to_itself_ends(words: Words) -> None:
    assert text(words, "en", "press", purpose="press", key="1") == ", press 1., press 1."


def test_a_prompt_is_compiled_into_parts_and_slots(words: Words) -> None:
    assert words.fragments("en", "welcome") == ("Welcome to the customer service of ", Slot("company", "plain"), ".")
    assert words.fragments("en", "text.added")[0] == Maybe((Slot("company", "plain"), ": "))
    assert words.slots("agent.whisper") == ("name", "due", "kind", "product", "protocol")
    assert words.slots("no_such_prompt") == ()
    assert words.has("de", "welcome")
    assert not words.has("de", "no_such_prompt")
    assert not words.has("fr", "welcome")


@pytest.mark.parametrize(
    ("language", "said", "choice"),
    [
        ("de", "Kündigung!", "cancellation"),
        ("de", "  Geld   zurück ", "refund"),
        ("en", "Yes.", "yes"),
        ("pt-BR", "Não", "no"),
        ("pt-BR", "reclamacao", "complaint"),
        ("bs", "ŽALBA", "complaint"),
        ("bs", "čovjek", "human"),
        ("en", "a complaint about tea", None),
    ],
)
def test_words_count_without_case_accents_and_punctuation(
    words: Words, language: str, said: str, choice: str | None
) -> None:
    assert words.choice(language, said) == choice


def test_a_key_before_its_purpose_is_refused(folder: Path) -> None:
    change(folder / "en.yaml", 'human_wait: "We are connecting', 'human_wait: "Press 1 for tea. We are connecting')
    assert [fault.split(": ", 1)[1] for fault in faults(folder)] == [
        "human_wait names the key before what it is for; say the purpose first"
    ]


@pytest.mark.parametrize(
    ("language", "words"),
    [("de", "Drücken Sie die 1, um zu warten."), ("pt-BR", "Tecle 1 para esperar."), ("bs", "Pritisnite 1 da čekate.")],
)
def test_a_key_first_is_found_in_every_language(folder: Path, language: str, words: str) -> None:
    change(folder / f"{language}.yaml", "  goodbye: ", f'  goodbye: "{words}" # ')
    assert "names the key before" in faults(folder)[0]


def test_an_option_that_names_its_key_first_is_refused(folder: Path) -> None:
    change(folder / "en.yaml", '"{purpose:prompt}, press {key}."', '"Key {key} is for {purpose:prompt}."')
    assert any("press must say {purpose:prompt} and then {key}" in fault for fault in faults(folder))


def test_a_prompt_that_is_missing_in_one_language_is_named(folder: Path) -> None:
    change(folder / "bs.yaml", "  number_withheld:", "  number_hidden:")

    found = faults(folder)

    assert "bs.yaml:7:3: prompt 'number_withheld' is missing; de has it, translate it" in found
    assert any(fault.startswith("de.yaml:") and "'number_hidden' is missing; bs has it" in fault for fault in found)


def test_a_choice_that_is_missing_in_one_language_is_named(folder: Path) -> None:
    change(folder / "bs.yaml", "  refund:", "  money:")
    assert any("choice 'refund' is missing; de has it" in fault for fault in faults(folder))


def test_other_slots_than_in_another_language_are_refused(folder: Path) -> None:
    change(folder / "en.yaml", "to the customer service of {company}", "to us, {company:digits}")
    assert any(
        "welcome has {company:digits}, but {company:plain} in bs; make them the same" in fault
        for fault in faults(folder)
    )


@pytest.mark.parametrize(
    ("old", "new", "problem"),
    [
        ("{protocol:digits}", "{protocol:spelled}", "'spelled' is not known; known are deadline, moment"),
        ("{company}", "{company", "a brace that opens or closes no slot"),
        ("[{company}: ]", "[{company}: ", "a [ without its ]"),
        ("[{company}: ]", "{company}: ]", "a ] without its ["),
        ("[{company}: ]", "[Alba: ]{company}", "without a slot of its own is never left out"),
        ('goodbye: "Goodbye."', 'goodbye: ""', "a prompt needs words"),
        ('goodbye: "Goodbye."', "goodbye: [Goodbye]", "a prompt needs words"),
        ('goodbye: "Goodbye."', f'goodbye: "{"Goodbye and farewell. " * 20}"', "seconds to say, at most 20"),
        ("refund: [money back", "refund: [rude, money back", "'rude' already means 'misconduct'; remove it from one"),
        ("refund: [money back", 'refund: ["?!", money back', "a phrase of letters is expected"),
        ("characters_per_second: 16", "characters_per_second: fast", "a whole number from 1 to 99"),
        ("  press_words: [press]\n", "", "'press_words' is missing; add it"),
        ("  plus: plus\n", "", "'plus' is missing; add it"),
        ('"{hour} {half}"', '"{hour} {heavy}"', "{heavy} means nothing here; known: {hour}, {half}"),
        ("halves: [a.m., p.m.]", "halves: [a.m.]", "halves needs a list of exactly 2 words"),
        ('at: {other: "at {time}"}', 'at: {one: "at {time}"}', "the form for 'other' is missing"),
        ('at: {other: "at {time}"}', 'at: {other: "at {time}", dual: x}', "'dual' is no plural"),
        ("\nwords:\n", "\nvocabulary:\n", "unknown key 'vocabulary'"),
    ],
)
def test_a_faulty_file_is_refused_with_the_place_and_what_to_do(folder: Path, old: str, new: str, problem: str) -> None:
    change(folder / "en.yaml", old, new)

    found = faults(folder)

    assert any(problem in fault and fault.startswith("en.yaml:") for fault in found), found


def test_a_text_message_of_more_than_three_parts_is_refused(folder: Path) -> None:
    change(folder / "en.yaml", "What you added is saved", "What you added is saved " + "and safe " * 60)
    assert any("letters; at most 459 go" in fault for fault in faults(folder))


def test_a_language_that_nobody_knows_is_refused(folder: Path) -> None:
    (folder / "en.yaml").rename(folder / "xx-yy-zz.yaml")
    assert any("is not known; name the file like de.yaml" in fault for fault in faults(folder))


def test_a_folder_without_languages_is_refused(tmp_path: Path) -> None:
    assert "holds no language" in faults(tmp_path)[0]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("prompt", ["recall_exact", "recall_possible", "recall_none", "safety_notice", "text_recall"])
def test_a_recall_notice_holds_no_word_that_lessens_the_risk(words: Words, language: str, prompt: str) -> None:
    softening = (
        "voluntar",
        "precaution",
        "rare",
        "freiwillig",
        "vorsorglich",
        "selten",
        "preventiv",
        "dobrovolj",
        "rijetk",
    )
    said = text(words, language, prompt, recall_title="T", hazard="H").casefold()
    assert [word for word in softening if word in said] == []


@pytest.mark.parametrize(
    ("story", "said"),
    [
        ("It leaks", "You said: It leaks."),
        ("It leaks.", "You said: It leaks."),
        ("Does it leak?", "You said: Does it leak?"),
    ],
)
def test_a_sentence_that_ends_by_itself_gets_no_second_full_stop(words: Words, story: str, said: str) -> None:
    assert text(words, "en", "read_story_text", story_text=story) == said


def test_what_stands_in_two_files_of_a_language_is_refused_with_its_place(folder: Path) -> None:
    """Words may stand in several files; which of two would count nobody could tell."""
    more = folder / "en/more.yaml"
    more.write_text('prompts:\n  welcome: "Hello."\nchecks: {}\n', encoding="utf-8")

    found = faults(folder)

    assert any(each.startswith("prompts/en/more.yaml:2:12: 'welcome' stands in line ") for each in found), found
    assert any("checks" in each for each in found), found
