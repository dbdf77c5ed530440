"""Which dangers the words of a complaint point to; the words stand in the file beside this one, per language. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from app.domain.yaml_source import read_yaml

_FILE: Final = Path(__file__).parent / "hazard_words.yaml"
_DENIED: Final = "denied"
_REACH: Final = 4
"""Words that a denial reaches ahead."""

_WORD: Final = re.compile(r"[\w'’-]+")
_SENTENCE: Final = re.compile(r"[.!?;:\n]+|\b(?:aber|sondern|but|mas|ali|nego)\b", re.IGNORECASE)
_LONGEST: Final = 20_000
"""Signs that are read of a story."""


@dataclass(frozen=True, slots=True)
class _Language:
    denied: frozenset[str]
    dangers: tuple[tuple[str, re.Pattern[str]], ...]


def hazards_in(text: str, language: str) -> tuple[str, ...]:
    """The kinds of danger that a text tells of, in the order of the file; none for a language that has no words.

    Args:
        text: of which the first 20,000 signs are read.
        language: BCP 47, of which the base is enough: ``pt`` is read as ``pt-BR``.

    Example:
        >>> hazards_in("The kettle caught fire. Nobody was hurt.", "en")
        ('fire',)
        >>> hazards_in("Niemand wurde verletzt, aber es gab einen Stromschlag.", "de")
        ('shock',)
    """
    words = _of(language)
    if words is None:
        return ()
    sentences = _SENTENCE.split(text[:_LONGEST])
    return tuple(
        kind for kind, pattern in words.dangers if any(_is_told(each, pattern, words.denied) for each in sentences)
    )


def dangers() -> tuple[str, ...]:
    """Every kind of danger that a language has words for."""
    return tuple(dict.fromkeys(kind for language in _languages().values() for kind, _ in language.dangers))


def _is_told(sentence: str, pattern: re.Pattern[str], denied: frozenset[str]) -> bool:
    for hit in pattern.finditer(sentence):
        before = _WORD.findall(sentence[: hit.start()].casefold())[-_REACH:]
        if not any(word in denied or word.endswith(("n't", "n’t")) for word in before):
            return True
    return False


def _of(language: str) -> _Language | None:
    known = _languages()
    base = language.partition("-")[0]
    return known.get(language) or next((words for code, words in known.items() if code.partition("-")[0] == base), None)


@cache
def _languages() -> Mapping[str, _Language]:
    found = {}
    for code, node in read_yaml(_FILE, _FILE.name).entries().items():
        entries = node.entries()
        denied = frozenset(word.text() for word in entries[_DENIED].items())
        kinds = tuple(
            (kind, re.compile(rf"\b(?:{'|'.join(pattern.text() for pattern in words.items())})", re.IGNORECASE))
            for kind, words in entries.items()
            if kind != _DENIED
        )
        found[code] = _Language(denied, kinds)
    return found
