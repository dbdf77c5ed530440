"""What a rule about flows is: what it says, what asks for it where, and how it is proved."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, Protocol

from app.compliance.rule import Citation
from app.ivr.flow import Vocabulary
from app.proving.path import Path
from app.proving.profile import Profile
from app.proving.prompt_classes import PromptClasses
from app.proving.states import Graph, State

READ_ON: Final = date(2026, 11, 22)
"""When the sources of the rules were read."""

DECREE_URL: Final = "https://www.planalto.gov.br/ccivil_03/_ato2019-2022/2022/decreto/D11034.htm"


class SpokenWords(Vocabulary, Protocol):
    """The words of all languages, as the rules need them."""

    def seconds(self, language: str, prompt: str) -> float:
        """How long the prompt sounds, by the rate of speech of the language."""
        ...

    def sentences(self, language: str, prompt: str) -> int:
        """How many sentences the prompt has."""
        ...

    def wordings(self, language: str, prompt: str) -> tuple[str, ...]:
        """What the prompt says in each style, without what fills its slots."""
        ...

    def names_key_first(self, language: str, prompt: str) -> bool:
        """Whether the prompt names a key before what it is for."""
        ...


@dataclass(frozen=True, slots=True)
class Ground:
    """What asks for a rule, and where."""

    citation: Citation
    jurisdictions: tuple[str, ...]  # () everywhere


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a rule holds for every call to a hotline."""

    proved: bool
    evidence: str  # what was found
    path: Path | None = None  # of a call on which it does not hold; None if no call is needed to see it


@dataclass(frozen=True, slots=True)
class Subject:
    """What rules are proved of: one hotline with all that its callers can do and hear."""

    graph: Graph
    words: SpokenWords
    classes: PromptClasses
    profile: Profile
    on: date  # the day whose law counts


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule that must hold for every call."""

    name: str  # "first-menu"
    says: str  # one sentence
    grounds: tuple[Ground, ...]
    prove: Callable[[Subject], Verdict]
    incoming_only: bool = False  # nothing is asked for by it of calls that we begin

    def grounds_in(self, jurisdiction: str) -> tuple[Ground, ...]:
        """What asks for it in a jurisdiction; every rule is asked for everywhere, at least by the house."""
        return tuple(each for each in self.grounds if not each.jurisdictions or jurisdiction in each.jurisdictions)


def law(text: str, url: str, *jurisdictions: str, confirmed: bool) -> Ground:
    """A ground that is a law or a standard.

    Args:
        confirmed: whether the text was read in a source.
    """
    return Ground(Citation(text, url, READ_ON, confirmed), jurisdictions)


def house(reason: str = "") -> Ground:
    """A ground that is our own."""
    return Ground(Citation(f"house rule: {reason}" if reason else "house rule", "", READ_ON, False), ())


def proved(evidence: str) -> Verdict:
    """It holds for every call."""
    return Verdict(True, evidence)


def refuted(problem: str, found: tuple[Path, State] | Path | None = None) -> Verdict:
    """It does not hold."""
    return Verdict(False, problem, found[0] if isinstance(found, tuple) else found)


def listed(names: Collection[str]) -> str:
    """Names for a sentence, in order."""
    return ", ".join(sorted(names))
