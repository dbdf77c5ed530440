"""What must hold for the words: the same prompts and slots in every language, short, and purpose before key."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.domain.errors import BadFile
from app.domain.yaml_source import Fault, Node
from app.ivr.prompt_text import Fragments, Maybe, Slot, slots_in
from app.ivr.spoken import spoken
from app.ivr.spoken_forms import SpokenForms

MAX_SECONDS: Final = 20.0
"""A prompt that is longer is not remembered (house rule)."""

MAX_TEXT_LENGTH: Final = 459
"""Three parts of a text message in the alphabet of GSM 03.38."""

_SAMPLES: Final[Mapping[str, str]] = {
    "deadline": "2026-03-26T14:30:00+00:00",
    "date": "2026-03-26",
    "time": "15:30",
    "minutes": "12",
    "digits": "2612345679",
    "phone": "+4915112345678",
    "address": "Hauptstraße 5, 10115 Berlin",
}
_SAMPLE_NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)
_SAMPLE_TEXT: Final = "Haushaltsgeräte GmbH"  # about as long as a name or a product
_SHORT_PAUSE: Final = 0.12  # seconds, at a comma
_LONG_PAUSE: Final = 0.35  # seconds, at the end of a sentence


@dataclass(frozen=True, slots=True)
class Tongue:
    """One prompts file as the checks see it: compiled prompts, and where each stands."""

    language: str
    forms: SpokenForms
    prompts: Mapping[str, Fragments]
    nodes: Mapping[str, Node]  # of the prompts
    choices: Mapping[str, Node]
    place: Node  # of the `prompts` part
    words_place: Node
    characters_per_second: float
    press_words: tuple[str, ...]
    styles: Mapping[str, Mapping[str, Fragments]]  # prompts in other words, by style
    style_nodes: Mapping[str, Mapping[str, Node]]

    @classmethod
    def read(
        cls,
        language: str,
        entries: Mapping[str, Node],
        forms: SpokenForms,
        prompts: Mapping[str, Fragments],
        styles: Mapping[str, Mapping[str, Fragments]],
    ) -> Tongue:
        """Read the `checks` part beside what is already compiled.

        Raises:
            BadFile: if that part is faulty.
        """
        checks = entries["checks"]
        known = ("characters_per_second", "press_words")
        faults = checks.unknown_keys(known)
        faults += [checks.fault(f"{name!r} is missing; add it") for name in known if name not in checks.entries()]
        if faults:
            raise BadFile(faults)
        rate = checks.entries()["characters_per_second"]
        if not re.fullmatch(r"[1-9][0-9]?", rate.text()):
            raise BadFile([rate.fault("a whole number from 1 to 99 is expected here")])
        return cls(
            language=language,
            forms=forms,
            prompts=prompts,
            nodes=entries["prompts"].entries(),
            choices=entries["words"].entries(),
            place=entries["prompts"],
            words_place=entries["words"],
            characters_per_second=float(rate.text()),
            press_words=tuple(word.text() for word in checks.entries()["press_words"].items()),
            styles=styles,
            style_nodes={style: entries[style].entries() if style in entries else {} for style in styles},
        )


def seconds(fragments: Fragments, tongue: Tongue) -> float:
    """How long a prompt will sound, with likely values in its slots: an estimate from letters and pauses."""
    return seconds_of_text(_sample_text(fragments, tongue), tongue)


def seconds_of_text(text: str, tongue: Tongue) -> float:
    """How long a text will sound: an estimate from letters and pauses."""
    pauses = _SHORT_PAUSE * text.count(",") + _LONG_PAUSE * sum(text.count(sign) for sign in ".:;?!")
    return len(text) / tongue.characters_per_second + pauses


def faults_within(tongue: Tongue) -> list[Fault]:
    """What is wrong in one language: prompts that are too long, and keys before their purpose."""
    faults = []
    for name, fragments in tongue.prompts.items():
        if name.startswith("letter."):  # may be as long as it must
            continue
        is_written = name.startswith(("text.", "text_"))
        node = tongue.nodes[name]
        faults += _too_long_to_read(name, node) if is_written else _hard_to_hear(name, node, fragments, tongue)
    press = [slot.name for slot in slots_in(tongue.prompts.get("press", ()))]
    if "press" in tongue.prompts and press != ["purpose", "key"]:
        faults.append(tongue.nodes["press"].fault("press must say {purpose:prompt} and then {key}"))
    return faults


def _too_long_to_read(name: str, node: Node) -> list[Fault]:
    length = len(node.text())
    if length <= MAX_TEXT_LENGTH:
        return []
    return [node.fault(f"{name} has {length} letters; at most {MAX_TEXT_LENGTH} go")]


def _hard_to_hear(name: str, node: Node, fragments: Fragments, tongue: Tongue) -> list[Fault]:
    faults = []
    length = seconds(fragments, tongue)
    if length > MAX_SECONDS:
        faults.append(
            node.fault(f"{name} takes about {length:.0f} seconds to say, at most {MAX_SECONDS:.0f}; make two of it")
        )
    if names_key_first(node.text(), tongue.press_words):
        faults.append(node.fault(f"{name} names the key before what it is for; say the purpose first"))
    return faults


def faults_of_styles(tongue: Tongue) -> list[Fault]:
    """What is wrong with prompts in other words: there is no such prompt, or they want to be told something else."""
    faults: list[Fault] = []
    for style, prompts in tongue.styles.items():
        for name, fragments in prompts.items():
            node = tongue.style_nodes[style][name]
            if name not in tongue.prompts:
                faults.append(node.fault(f"{name} is no prompt; only prompts have other words in {style!r}"))
                continue
            new = {slot.name for slot in slots_in(fragments)} - {slot.name for slot in slots_in(tongue.prompts[name])}
            if new:
                faults.append(node.fault(f"{name} is never told {', '.join(sorted(new))}; leave it out here"))
            is_written = style == "texted" or name.startswith(("text.", "text_"))
            faults += _too_long_to_read(name, node) if is_written else _hard_to_hear(name, node, fragments, tongue)
    return faults


def faults_across(tongues: Sequence[Tongue]) -> list[Fault]:
    """What differs between languages: prompts, their slots, and the choices that can be said."""
    faults: list[Fault] = []
    for tongue in tongues:
        for other in tongues:
            faults += [
                tongue.place.fault(f"prompt {name!r} is missing; {other.language} has it, translate it")
                for name in other.prompts.keys() - tongue.prompts.keys()
            ]
            faults += [
                tongue.words_place.fault(f"choice {name!r} is missing; {other.language} has it, add it")
                for name in other.choices.keys() - tongue.choices.keys()
            ]
            faults += [
                tongue.place.fault(f"prompt {name!r} has no other words in {style!r}; {other.language} has, add them")
                for style, prompts in other.styles.items()
                for name in prompts.keys() - tongue.styles.get(style, {}).keys()
            ]
    for tongue in tongues[1:]:
        for name in sorted(tongue.prompts.keys() & tongues[0].prompts.keys()):
            here, there = _slots(tongue.prompts[name]), _slots(tongues[0].prompts[name])
            if here != there:
                faults.append(
                    tongue.nodes[name].fault(
                        f"{name} has {_listed(here)}, but {_listed(there)} in {tongues[0].language}; make them the same"
                    )
                )
    return list(dict.fromkeys(faults))


def _sample_text(fragments: Fragments, tongue: Tongue) -> str:
    return "".join(
        part
        if isinstance(part, str)
        else _sample_text(part.parts, tongue)
        if isinstance(part, Maybe)
        else _sample(part, tongue)
        for part in fragments
    )


def _sample(slot: Slot, tongue: Tongue) -> str:
    if slot.spec in _SAMPLES:
        return spoken(slot.spec, _SAMPLES[slot.spec], tongue.forms, now=_SAMPLE_NOW, zone=ZoneInfo("UTC"))
    return "1" if slot.name == "key" else _SAMPLE_TEXT


def names_key_first(text: str, press_words: Iterable[str]) -> bool:
    """Whether a sentence of the prompt begins with the key and ends with what it is for."""
    asks = "|".join(re.escape(word) for word in press_words)
    return bool(re.search(rf"(?:^|[.!?;:]\s+)(?:{asks})\b[^.!?]*?(?:[0-9]|\{{key\}})[^.!?]*?[^\W\d_]", text, re.I))


def _slots(fragments: Fragments) -> frozenset[tuple[str, str]]:
    return frozenset((slot.name, slot.spec) for slot in slots_in(fragments))


def _listed(slots: frozenset[tuple[str, str]]) -> str:
    return ", ".join(f"{{{name}:{spec}}}" for name, spec in sorted(slots)) or "no slots"
