"""One language as its prompts file has it: every prompt taken apart, and every phrase that callers may say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.domain.errors import BadFile
from app.domain.yaml_source import Fault, Node, read_yaml
from app.ivr.flow import phrase_of
from app.ivr.more_words import with_more_words
from app.ivr.prompt_text import Fragments, parse_prompt
from app.ivr.spoken_forms import SpokenForms, read_forms, read_locale
from app.ivr.words_check import Tongue

PARTS: Final = ("prompts", "words", "checks", "spoken")
"""What a prompts file consists of."""

STYLES: Final = ("plain", "texted")
"""Parts that may say a prompt in other words: in plain language (S5), and in a conversation by text messages (S7)."""


@dataclass(frozen=True, slots=True)
class Language:
    """What callers hear in one language, and what they may say."""

    forms: SpokenForms
    prompts: Mapping[str, Fragments]
    choices: Mapping[str, str]
    tongue: Tongue
    styles: Mapping[str, Mapping[str, Fragments]]  # every prompt in each style; "" is the usual one


def read_language(path: Path) -> Language:
    """Read `<language>.yaml` with the files of the folder `<language>` beside it.

    Raises:
        BadFile: with every fault of the files.
    """
    root = with_more_words(read_yaml(path), path.with_suffix(""), ("prompts", "words", *STYLES))
    locale = read_locale(path.stem, root)
    faults = root.unknown_keys((*PARTS, *STYLES))
    entries = root.entries()
    faults += [root.fault(f"{part!r} is missing; add it") for part in PARTS if part not in entries]
    if faults:
        raise BadFile(faults)
    forms = read_forms(entries["spoken"], locale)
    prompts: dict[str, Fragments] = {}
    for name, node in entries["prompts"].entries().items():
        prompts[name] = parse_prompt(node, faults)
    other_words = {
        style: {name: parse_prompt(node, faults) for name, node in entries[style].entries().items()}
        if style in entries
        else {}
        for style in STYLES
    }
    choices = _choices(entries["words"], faults)
    if faults:
        raise BadFile(faults)
    tongue = Tongue.read(path.stem, entries, forms, prompts, other_words)
    styles = {"": prompts, **{style: {**prompts, **words} for style, words in other_words.items()}}
    return Language(forms, prompts, choices, tongue, styles)


def _choices(node: Node, faults: list[Fault]) -> dict[str, str]:
    choices: dict[str, str] = {}
    for choice, phrases in node.entries().items():
        for phrase in phrases.items():
            heard = " ".join(phrase_of(phrase.text()))
            if not heard:
                faults.append(phrase.fault("a phrase of letters is expected here"))
            elif choices.get(heard, choice) != choice:
                faults.append(
                    phrase.fault(f"{heard!r} already means {choices[heard]!r}; remove it from one of the two")
                )
            choices[heard] = choice
    return choices
