from __future__ import annotations

from pathlib import Path

import pytest

from app.ivr.checks import check_flows
from tests.ivr.tiny import TinyWords, flows_of

MAIN = """\
hello: {say: {prompt: hi, next: subject}}
subject:
  menu:
    options:
      1: {purpose: p, words: complaint, to: complain}
      2: {purpose: q, words: cancellation, to: cancel}
      3: {purpose: r, words: "yes", to: recall}
    announce_languages: yes
    on_failure: human
complain: {open_case: {kind: complaint, next: hurt}}
cancel: {open_case: {kind: cancellation, next: bye}}
recall: {open_case: {kind: recall, next: look}}
look: {look_up: {identifier: model, exact: human, possible: human, none: human}}
hurt: {confirm: {prompt: hurt, save: hurt, "yes": human, "no": bye, on_failure: bye}}
bye: {end: {}}
"""
HUMAN = "start: {human: {closed: bye, left: bye, done: bye}}\nbye: {end: {}}\n"

CHANGES = {
    "a menu with six options": (
        '      3: {purpose: r, words: "yes", to: recall}\n',
        "".join(f'      {key}: {{purpose: r, words: "yes", to: recall}}\n' for key in (3, 4, 5, 6)),
        "6 options; a menu has 1 to 5, move some to another menu",
    ),
    "a gap in the keys": ("      3: ", "      4: ", "keys 1, 2, 4; number them from 1 in order, without gaps"),
    "keys out of order": ("      1: ", "      5: ", "keys 5, 2, 3; number them from 1 in order, without gaps"),
    "a first menu without cancellation": (
        "cancel: {open_case: {kind: cancellation",
        "cancel: {open_case: {kind: information",
        "no key opens a cancellation at once; add one that leads to `open_case` (S3, T4)",
    ),
    "a complaint that is recorded only after a question": (
        "p, words: complaint, to: complain}",
        "p, words: complaint, to: hurt}",
        "no key opens a complaint at once; add one that leads to `open_case` (S3, T4)",
    ),
    "a first menu that no language is offered in": (
        "    announce_languages: yes\n",
        "",
        "the first menu must say `announce_languages: yes`",
    ),
    "somebody who must say who they are first": (
        "hello: {say: {prompt: hi, next: subject}}",
        "hello: {gather: {prompt: who, save: order, next: subject, on_failure: subject}}",
        "the first question must be one menu of subjects (S3)",
    ),
    "danger that is asked one question more": (
        'save: hurt, "yes": human',
        'save: hurt, "yes": hurt',
        "a yes to `hurt` must lead to a `human:` without another question",
    ),
    "an all-clear after a failed match": (
        "none: human",
        "none: bye",
        "`none` must lead to a `human:`; no match is no all-clear",
    ),
    "a node that no call comes to": (
        "bye: {end: {}}\n",
        "bye: {end: {}}\nlost: {end: {}}\n",
        "no call can come here; lead one here, or delete it",
    ),
    "silence that is asked for ever": (
        '"no": bye, on_failure: bye',
        '"no": bye, on_failure: hurt',
        "silence leads in a circle: main.hurt → main.hurt; lead on_failure elsewhere",
    ),
}


def faults(folder: Path, main: str = MAIN, human: str = HUMAN, words: TinyWords | None = None) -> list[str]:
    spoken = words or TinyWords()
    return [fault.problem for fault in check_flows(flows_of(folder, spoken, main=main, human=human), spoken)]


def test_good_flows_have_no_fault(tmp_path: Path) -> None:
    assert faults(tmp_path / "f") == []


@pytest.mark.parametrize(("good", "bad", "problem"), CHANGES.values(), ids=CHANGES)
def test_the_checks_find(good: str, bad: str, problem: str, tmp_path: Path) -> None:
    assert good in MAIN

    found = faults(tmp_path / "f", MAIN.replace(good, bad))

    assert problem in [each.partition(": ")[2] for each in found]


def test_a_fault_of_the_shape_tells_file_line_and_column(tmp_path: Path) -> None:
    flows = flows_of(tmp_path / "f", main=MAIN + "lost: {end: {}}\n", human=HUMAN)

    (fault,) = check_flows(flows, TinyWords())

    assert str(fault) == "f/main.yaml:16:7: main.lost: no call can come here; lead one here, or delete it"


def test_a_circle_without_the_caller_is_found(tmp_path: Path) -> None:
    circle = "a: {say: {prompt: p, next: b}}\nb: {say: {prompt: p, next: a}}\n"

    found = faults(tmp_path / "f", MAIN + circle)

    assert "main.a: runs in a circle without the caller: main.a → main.b → main.a; let one node wait" in found
    assert "main.a: no way leads from here to an end or to a human; add one" in found


def test_silence_on_a_detour_counts_as_coming_back(tmp_path: Path) -> None:
    main = MAIN.replace("to: recall}", "to: word, then: again}")
    more = (
        "word: {speech: {prompt: p, save: x, next: bye, on_failure: bye}}\n"
        "again: {confirm: {prompt: p, 'yes': bye, 'no': bye, on_failure: word}}\n"
    )

    found = faults(tmp_path / "f", main + more)

    assert any("silence leads in a circle" in each for each in found)


def test_silence_may_skip_a_question(tmp_path: Path) -> None:
    main = MAIN.replace("cancellation, next: bye", "cancellation, next: order")
    skip = "order: {gather: {prompt: p, save: order, next: bye, skip: order, on_failure: bye}}\n"

    found = faults(tmp_path / "f", main + skip)

    assert any("silence leads in a circle" in each for each in found)


def test_reading_back_nothing_is_a_way_of_silence(tmp_path: Path) -> None:
    main = MAIN.replace("cancellation, next: bye", "cancellation, next: read")
    read = "read: {read_back: {lines: {x: p}, prompt: q, 'yes': read, 'no': bye, on_failure: bye}}\n"

    found = faults(tmp_path / "f", main + read)

    assert any("silence leads in a circle" in each for each in found)


def test_zero_must_lead_to_a_human_at_once(tmp_path: Path) -> None:
    human = "start: {confirm: {prompt: sure, 'yes': bye, 'no': bye, on_failure: bye}}\nbye: {end: {}}\n"

    found = faults(tmp_path / "f", human=human)

    assert "human.start: 0 leads here, so this must be a `human:`, asking nothing before" in found


def test_a_prompt_missing_in_one_language_is_found(tmp_path: Path) -> None:
    words = TinyWords(missing=frozenset({("en", "hi"), ("de", "press")}))

    found = faults(tmp_path / "f", words=words)

    assert "main.hello: prompt 'hi' is missing in en; look for a slip of the pen, or add it" in found
    assert "prompt 'press' is missing; it is always needed" in found


def test_a_choice_that_cannot_be_said_is_found(tmp_path: Path) -> None:
    found = faults(tmp_path / "f", words=TinyWords(mute=frozenset({"complaint", "human"})))

    assert "main.subject: no words for 'complaint' in de; look for a slip of the pen, or add it" in found
    assert "no words for 'human'; they count anywhere" in found
