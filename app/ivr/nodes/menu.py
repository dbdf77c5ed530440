"""The node type `menu`, and its options."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from app.domain.yaml_source import Node
from app.ivr.asking import Asking
from app.ivr.fields import Kind, Prompts, Reading, YesNo, declare
from app.ivr.flow import Scene, Step
from app.ivr.turn import Gather, Heard, How, Say

UNIVERSAL_CHOICES = ("human", "repeat")
LANGUAGE_KEYS = ("6", "7", "8")


@dataclass(frozen=True, slots=True)
class Option:
    """One key of a menu."""

    purpose: str  # the prompt that names it
    words: tuple[str, ...]  # the choices that mean it
    to: str
    value: str  # what is saved
    then: str | None  # where the call comes back to after that one node; None if it goes its way


class Options(Kind):
    """Keys with what they stand for."""

    words = "mapping of keys to `purpose` (prompt), `to`, and if need be `value`, `words` (choices) and `then`"

    def read(self, reading: Reading, node: Node) -> dict[str, Option]:
        """Key → option."""
        return {key: self._option(reading, each) for key, each in reading.entries(node).items()}

    def _option(self, reading: Reading, node: Node) -> Option:
        parts = dict(reading.entries(node))
        reading.faults.extend(reading.tried(lambda: node.unknown_keys(["purpose", "to", "value", "words", "then"]), []))
        for needed in ("purpose", "to"):
            if needed not in parts:
                reading.faults.append(node.fault(f"an option needs {needed!r}"))
        purpose = reading.text(parts["purpose"]) if "purpose" in parts else ""
        value = reading.text(parts["value"]) if "value" in parts else ""
        words = Prompts().read(reading, parts["words"]) if "words" in parts else (value or purpose,)
        to = reading.target(parts["to"]) if "to" in parts else ""
        return Option(purpose, words, to, value, reading.target(parts["then"]) if "then" in parts else None)

    def targets(self, value: Mapping[str, Option]) -> Iterable[str]:
        """Where the keys lead, and where the call comes back to."""
        for option in value.values():
            yield option.to
            yield from (option.then,) if option.then else ()

    def prompts(self, value: Mapping[str, Option]) -> Iterable[str]:
        """The purposes."""
        return (option.purpose for option in value.values())


class Spoken(Kind):
    """Choices that can be said but have no key."""

    words = "mapping of choices to the value saved"

    def read(self, reading: Reading, node: Node) -> dict[str, str]:
        """Choice → value."""
        return {choice: reading.text(value) for choice, value in reading.entries(node).items()}


class SpokenWays(Kind):
    """Choices that can be said but have no key here, and lead somewhere."""

    words = "mapping of choices to nodes"

    def read(self, reading: Reading, node: Node) -> dict[str, str]:
        """Choice → full name of the node."""
        return {choice: reading.target(to) for choice, to in reading.entries(node).items()}

    def targets(self, value: Mapping[str, str]) -> Iterable[str]:
        """Where the words lead."""
        return value.values()


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Asking):
    """Lets the caller choose by one key or in words; purpose before key, at most five options."""

    type: ClassVar[str] = "menu"

    options: Mapping[str, Option] = declare(Options(), "the keys, from 1 without gaps")
    prompt: tuple[str, ...] = declare(Prompts(), "what is said before the options", ())
    save: str = declare(Kind(), "the name under which the value is kept", "")
    several: bool = declare(YesNo(), "whether several values may hold; they are kept as a list", False)
    also: Mapping[str, str] = declare(Spoken(), "choices without a key, treated like the last option", factory=dict)
    ways: Mapping[str, str] = declare(
        SpokenWays(), "choices without a key here that lead to a node, if no option was named", factory=dict
    )
    save_said: str = declare(Kind(), "the name under which the words are kept that named one of these ways", "")
    hint: tuple[str, ...] = declare(Prompts(), "what is said after the options", ())
    announce_languages: bool = declare(YesNo(), "whether each other language says which key changes to it", False)

    def question(self, scene: Scene) -> tuple[Say, ...]:
        """The prompt, each option with its key, the hint, the other languages."""
        options = (Say("press", {"purpose": each.purpose, "key": key}) for key, each in self.options.items())
        hint = scene.say(*self.hint)
        languages = language_offers(scene) if self.announce_languages else ()
        return (*scene.say(*self.prompt), *options, *hint, *languages)

    def listen(self, scene: Scene) -> Gather:
        """One key, or words; where languages are announced, their names too."""
        languages: list[str] = scene.known.get("languages", []) if self.announce_languages else []
        return Gather(hints=scene.hints((*self.choices(), *map(language_choice, languages))))

    def choices(self) -> tuple[str, ...]:
        """The choices of all options."""
        return (*(word for option in self.options.values() for word in option.words), *self.also, *self.ways)

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        """Follow the key that was pressed, or what was said."""
        if heard.how is How.KEYS and heard.keys in self.options:
            option = self.options[heard.keys]
            return self._chosen(scene, option, (option.value,))
        if heard.how is not How.SPEECH:
            return None
        named = scene.understood(heard.speech, self.choices())
        options = [each for each in self.options.values() if any(word in named for word in each.words)]
        values = [each.value for each in options] + [value for word, value in self.also.items() if word in named]
        if len(set(values)) == 1 == max(len(options), 1) or (self.several and values):
            return self._chosen(scene, options[0] if options else list(self.options.values())[-1], tuple(values))
        led = {self.ways[word] for word in named if word in self.ways}
        if not values and len(led) == 1:
            return Step(to=led.pop(), saves={self.save_said: heard.speech} if self.save_said else {})
        if not values and (universal := scene.understood(heard.speech, UNIVERSAL_CHOICES)):
            return Step(to=scene.flows.human if universal[0] == "human" else self.name)
        return None

    def _chosen(self, scene: Scene, option: Option, values: tuple[str, ...]) -> Step:
        saves: dict[str, Any] = {"detour": option.then} if option.then else {}
        if self.save and self.several:
            before = scene.known.get(self.save) or []
            saves[self.save] = list(dict.fromkeys([*before, *values]))
        elif self.save:
            saves[self.save] = values[0]
        return Step(to=option.to, saves=saves)


def language_offers(scene: Scene) -> tuple[Say, ...]:
    """One sentence for each other language of the hotline, in that language, with its key."""
    languages: list[str] = scene.known.get("languages", [])
    keys = language_keys(languages, scene.position.language)
    return tuple(Say("press_language", {"key": key}, language) for key, language in keys.items())


def language_choice(language: str) -> str:
    """The choice that callers make when they say the name of a language: `language_en`."""
    return f"language_{language}"


def language_keys(languages: list[str], current: str) -> dict[str, str]:
    """Which key changes to which language: 6, 7 and 8 belong to the second to fourth language of the hotline.

    The key of the language in use leads back to the main one.

    Example:
        >>> language_keys(["de", "en", "bs"], "en")
        {'6': 'de', '7': 'bs'}
    """
    slots = zip(LANGUAGE_KEYS, languages[1:], strict=False)
    return {key: languages[0] if language == current else language for key, language in slots}
