"""What a flow is made of once it is loaded: nodes that decide, and touch nothing.

A node sees a `Scene` and answers with a `Step`. The interpreter goes on from step to step until one waits.
"""

from __future__ import annotations

import unicodedata
from abc import ABC, abstractmethod
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar, Protocol, TypeAlias

from app.domain.yaml_source import Node
from app.ivr.fields import FIELD, Field
from app.ivr.turn import Effect, Heard, Known, Position, Say, Wait

Phrase: TypeAlias = tuple[str, ...]  # the words of a phrase, without case and accents


@dataclass(frozen=True, slots=True)
class Spoken:
    """Something that a caller may say instead of pressing a key."""

    written: str  # as people write it, for the network's speech recognition
    phrase: Phrase
    choice: str  # what is meant by it


class Vocabulary(Protocol):
    """The words spoken and understood, as the loader and the checks need them."""

    @property
    def languages(self) -> Collection[str]:
        """The languages there are prompts in."""
        ...

    def has(self, language: str, prompt: str) -> bool:
        """Whether the prompt can be spoken in the language."""
        ...

    def slots(self, prompt: str) -> Collection[str]:
        """What the prompt needs to be told, in any language."""
        ...

    def choices(self, language: str) -> Mapping[str, str]:
        """What callers may say, and which choice they mean by it."""
        ...


@dataclass(frozen=True, slots=True)
class Step:
    """What a node decided: go on to another node, or wait.

    `says` and `effects` come before what follows; `saves` is merged into what is known.
    """

    to: str | None = None  # None: wait here
    wait: Wait | None = None  # None: go on
    says: tuple[Say, ...] = ()
    effects: tuple[Effect, ...] = ()
    saves: Known = field(default_factory=dict)
    tries: int = 0  # how often this node has been asked in vain, if it waits


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowNode(ABC):
    """One step of a flow. Node types derive from this, each in a file of `app.ivr.nodes`."""

    type: ClassVar[str] = ""  # the word for it in YAML
    waits: ClassVar[bool] = False  # whether the caller must do something before it goes on

    name: str  # "complaint.kinds"

    @abstractmethod
    def enter(self, scene: Scene) -> Step:
        """What happens when a call comes to this node."""

    def hear(self, scene: Scene, heard: Heard) -> Step:
        """What follows from what was heard while the call waited here."""
        return self.enter(scene)

    @classmethod
    @cache
    def declared(cls) -> tuple[tuple[str, Field], ...]:
        """The fields of this type that stand in YAML, in order."""
        return tuple((each.name, each.metadata[FIELD]) for each in fields(cls) if FIELD in each.metadata)

    def targets(self) -> tuple[str, ...]:
        """Every node that a call may go to from here."""
        return tuple(to for name, declared in self.declared() for to in declared.kind.targets(getattr(self, name)))

    def prompts(self) -> tuple[str, ...]:
        """Every prompt that this node may speak."""
        return tuple(
            prompt for name, declared in self.declared() for prompt in declared.kind.prompts(getattr(self, name))
        )

    def choices(self) -> tuple[str, ...]:
        """Every choice that this node understands in words."""
        return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowSet:
    """All flows, as loaded at one moment; never changed after."""

    version: str  # twelve hexadecimal digits of the hash of every flow and prompt file
    nodes: Mapping[str, FlowNode]  # by full name
    entries: Mapping[str, str]  # flow → full name of its first node
    places: Mapping[str, Node]  # full name → where it stands, for faults
    languages: tuple[str, ...]
    slots: Mapping[str, tuple[str, ...]]  # prompt → what it needs to be told
    spoken: Mapping[str, tuple[Spoken, ...]]  # by language
    human: str  # the node to which 0 leads
    hinted: dict[tuple[str, frozenset[str]], tuple[str, ...]] = field(
        default_factory=dict, init=False, compare=False, repr=False
    )  # by language and choices, what `Scene.hints` has found already


@dataclass(frozen=True, slots=True)
class Scene:
    """What a node may look at: the flows and where the call stands."""

    flows: FlowSet
    position: Position

    @property
    def known(self) -> Mapping[str, Any]:
        """What has been answered so far."""
        return self.position.known

    def say(self, *prompts: str) -> tuple[Say, ...]:
        """The prompts, each with the slots that it needs filled from what is known; the unknown is empty."""
        return tuple(
            Say(prompt, {slot: self.known.get(slot, "") for slot in self.flows.slots.get(prompt, ())})
            for prompt in prompts
        )

    def hints(self, choices: Collection[str]) -> tuple[str, ...]:
        """What callers are likely to say to mean one of these choices."""
        place = (self.position.language, frozenset(choices))
        found = self.flows.hinted.get(place)
        if found is None:
            found = tuple([each.written for each in self._spoken() if each.choice in place[1]])
            self.flows.hinted[place] = found
        return found

    def understood(self, speech: str, choices: Collection[str]) -> tuple[str, ...]:
        """Which of the choices were named, whole words only, in the order of `choices`.

        A phrase inside a longer one does not count: "not right" is not "right".
        """
        said, wanted = phrase_of(speech), frozenset(choices)
        hits = [
            (start, start + len(each.phrase), each.choice)
            for each in self._spoken()
            if each.choice in wanted
            for start in range(len(said) - len(each.phrase) + 1)
            if said[start : start + len(each.phrase)] == each.phrase
        ]
        named = {
            choice
            for start, end, choice in hits
            if not any(a <= start and end <= b and b - a > end - start for a, b, _ in hits)
        }
        return tuple(choice for choice in choices if choice in named)

    def meant(self, speech: str, choices: Collection[str]) -> str | None:
        """Which of the choices the whole utterance is; None if it says anything else."""
        said = phrase_of(speech)
        return next((each.choice for each in self._spoken() if each.phrase == said and each.choice in choices), None)

    def _spoken(self) -> tuple[Spoken, ...]:
        return self.flows.spoken.get(self.position.language, ())


def phrase_of(text: str) -> Phrase:
    """The words of a text without case, accents and punctuation, so that they can be compared.

    Example:
        >>> phrase_of("Não, obrigado!")
        ('nao', 'obrigado')
    """
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    letters = (sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return tuple("".join(letters).split())
