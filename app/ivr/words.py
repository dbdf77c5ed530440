"""The words of every language: what callers hear, and what they may say for a choice.

Read once at start from `ivr_flows/prompts/<language>.yaml`; a prompt is kept as its constant parts and its slots, so
that speaking it is a join. What is wrong with the files is found by `app.ivr.words_check`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any, Final
from zoneinfo import ZoneInfo

from app.domain.errors import BadFile
from app.domain.yaml_source import Fault
from app.ivr.flow import phrase_of
from app.ivr.prompt_text import Fragments, Maybe, Slot, slots_in
from app.ivr.spoken import spoken
from app.ivr.spoken_forms import SpokenForms
from app.ivr.words_check import (
    faults_across,
    faults_of_styles,
    faults_within,
    names_key_first,
    seconds,
    seconds_of_text,
)
from app.ivr.words_file import Language, read_language
from app.ivr.written import written

_ENDS: Final = (".", "!", "?", "…")

WRITTEN_PROMPTS: Final = ("text.", "text_", "letter.")
"""How the names of prompts begin that are written, in text messages or letters, and never spoken."""


class Words:
    """Every prompt and every choice word, in every language; immutable."""

    def __init__(self, languages: Mapping[str, Language]) -> None:
        """Take the languages as `load` read them."""
        self._languages = languages
        self._slots = {
            prompt: tuple(dict.fromkeys(slot.name for slot in slots_in(fragments)))
            for language in languages.values()
            for prompt, fragments in language.prompts.items()
        }

    @classmethod
    def load(cls, folder: Path) -> Words:
        """Read every `<language>.yaml` of a folder, each with the files of the folder `<language>` beside it.

        Raises:
            BadFile: with every fault of every file.
        """
        paths = sorted(folder.glob("*.yaml"))
        if not paths:
            raise BadFile([Fault(str(folder), 1, 1, "holds no language; add a file such as de.yaml")])
        faults: list[Fault] = []
        languages: dict[str, Language] = {}
        for path in paths:
            try:
                language = read_language(path)
            except BadFile as error:
                faults += [fault for fault in error.faults if isinstance(fault, Fault)]
            else:
                languages[path.stem] = language
                faults += faults_within(language.tongue)
                faults += faults_of_styles(language.tongue)
        faults += faults_across([language.tongue for language in languages.values()])
        if faults:
            faults.sort(key=lambda fault: (fault.file, fault.line, fault.column, fault.problem))
            raise BadFile(faults)
        return cls(languages)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are, in alphabetical order of their codes."""
        return tuple(self._languages)

    def has(self, language: str, prompt: str) -> bool:
        """Whether the prompt exists in the language."""
        return language in self._languages and prompt in self._languages[language].prompts

    def slots(self, prompt: str) -> tuple[str, ...]:
        """The names of what the prompt must be told, the same in every language; none for an unknown prompt."""
        return self._slots.get(prompt, ())

    def choices(self, language: str) -> Mapping[str, str]:
        """What callers may say, without case, accents and punctuation, and the choice each phrase means."""
        return self._languages[language].choices

    def choice(self, language: str, said: str) -> str | None:
        """The choice that a whole utterance means; None if it says anything else."""
        return self._languages[language].choices.get(" ".join(phrase_of(said)))

    def fragments(self, language: str, prompt: str) -> Fragments:
        """A prompt as constant parts, slots and parts that may be left out, in order.

        Raises:
            KeyError: if there is no such language or prompt.
        """
        return self._languages[language].prompts[prompt]

    def seconds(self, language: str, prompt: str) -> float:
        """About how long a prompt sounds, with likely values in its slots.

        Raises:
            KeyError: if there is no such language or prompt.
        """
        tongue = self._languages[language].tongue
        return seconds(tongue.prompts[prompt], tongue)

    def seconds_of_text(self, language: str, text: str) -> float:
        """About how long a text sounds in a language.

        Raises:
            KeyError: if there is no such language.
        """
        return seconds_of_text(text, self._languages[language].tongue)

    def sentences(self, language: str, prompt: str) -> int:
        """How many sentences a prompt has.

        Raises:
            KeyError: if there is no such language or prompt.
        """
        text = self._languages[language].tongue.nodes[prompt].text()
        return len([part for part in re.split(r"[.!?…](?:\s|$)", text) if part.strip()])

    def wordings(self, language: str, prompt: str) -> tuple[str, ...]:
        """What a prompt says in each style, with all that may be left out, and without what fills its slots.

        Raises:
            KeyError: if there is no such language or prompt.
        """
        styles = self._languages[language].styles.values()
        return tuple(dict.fromkeys(_constant(prompts[prompt]) for prompts in styles))

    def names_key_first(self, language: str, prompt: str) -> bool:
        """Whether a prompt names a key before what it is for.

        Raises:
            KeyError: if there is no such language or prompt.
        """
        tongue = self._languages[language].tongue
        return names_key_first(tongue.nodes[prompt].text(), tongue.press_words)

    def text(
        self,
        language: str,
        prompt: str,
        slots: Mapping[str, Any] | None = None,
        *,
        now: datetime,
        zone: ZoneInfo,
        name_zone: bool = False,
        style: str = "",
    ) -> str:
        """The words of a prompt; those of a text message look as one writes, all others as one speaks.

        Args:
            slots: what the prompt is told; what is missing, None or empty is left out, with the [part] around it. For a
                slot of spec `prompt` the name of a prompt, whole or without what the slot is called and a dot before it
                (`{kind:prompt}` told "recall" speaks kind.recall), or text.
            now: aware; decides what is today.
            zone: of the person who listens.
            name_zone: whether deadlines tell whose time it is.
            style: one of `STYLES`; a prompt that has no other words in it is the usual one.

        Raises:
            KeyError: if there is no such language, prompt or style.
            ValueError: if a value cannot be read as what its slot says it is.
        """
        as_text = style == "texted" or prompt.startswith(WRITTEN_PROMPTS)
        tongue = self._languages[language]
        prompts = tongue.styles[style]
        said = _Said(tongue.forms, prompts, slots or {}, now, zone, name_zone, as_text)
        return said.parts(prompts[prompt])

    def value(self, language: str, spec: str, value: Any, *, now: datetime, zone: ZoneInfo) -> str:
        """One value as it is spoken, outside any prompt.

        Raises:
            KeyError: if there is no such language or spec.
            ValueError: if the value is not of its kind.
        """
        return spoken(spec, value, self._languages[language].forms, now=now, zone=zone)


@dataclass(frozen=True, slots=True)
class _Said:
    """One prompt on its way into words: where, when, and with what."""

    forms: SpokenForms
    prompts: Mapping[str, Fragments]
    slots: Mapping[str, Any]
    now: datetime
    zone: ZoneInfo
    name_zone: bool
    as_text_message: bool

    def parts(self, fragments: Fragments) -> str:
        said = ""
        for part in fragments:
            more = self.part(part)
            # What a caller said may end its sentence itself, as "5 p.m." does.
            said += more.removeprefix(".") if said.endswith(_ENDS) else more
        return said

    def part(self, part: str | Slot | Maybe) -> str:
        if isinstance(part, str):
            return part
        if isinstance(part, Slot):
            return self.slot(part)
        empty = any(self.is_empty(inner.name) for inner in part.parts if isinstance(inner, Slot))
        return "" if empty else self.parts(part.parts)

    def is_empty(self, name: str) -> bool:
        return self.slots.get(name) in (None, "")

    def slot(self, slot: Slot) -> str:
        if self.is_empty(slot.name):
            return ""
        value, forms = self.slots[slot.name], self.forms
        if slot.spec == "prompt":
            return self.prompt(slot.name, str(value))
        if self.as_text_message:
            return written(slot.spec, value, forms, now=self.now, zone=self.zone, name_zone=self.name_zone)
        return spoken(slot.spec, value, forms, now=self.now, zone=self.zone, name_zone=self.name_zone)

    def prompt(self, slot: str, name: str) -> str:
        fragments = self.prompts.get(name) or self.prompts.get(f"{slot}.{name}")
        if fragments is None:
            return name
        # Without the slot that led here, so that no prompt can hold itself.
        rest = {other: value for other, value in self.slots.items() if other != slot}
        return replace(self, slots=rest).parts(fragments)


def _constant(fragments: Fragments) -> str:
    parts = (
        part if isinstance(part, str) else _constant(part.parts) for part in fragments if not isinstance(part, Slot)
    )
    return "".join(parts)
