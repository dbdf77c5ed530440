"""Standard questions and their answers, for callers and agents (K1, K3), and how a question finds its answer."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher
from typing import Final

SURE: Final = 0.85
"""A likeness from which on a topic is meant, if no other one is nearly as like."""

UNSURE: Final = 0.6
"""A likeness below which nothing was found."""

APART: Final = 0.15
"""How much less like the second topic must be; else the caller is asked."""

_STEM: Final = 5  # letters; words that begin with as many alike are forms of one word
_LIKE: Final = 0.8  # of two words, as `SequenceMatcher` reckons


@dataclass(frozen=True, slots=True)
class Topic:
    """One question with its answer, by language."""

    name: str  # a short id, "warranty"
    as_of: date  # the day on which the answer was last found to be right
    titles: Mapping[str, str]
    words: Mapping[str, tuple[str, ...]]  # what people say or write who ask for it
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Found:
    """A topic and how like the question it is, from 0 to 1."""

    topic: Topic
    likeness: float


def find_topics(said: str, topics: Iterable[Topic], language: str) -> list[Found]:
    """The topics that a question may mean, the likeliest first; none if nothing is like it."""
    words = _words(said)
    found = [Found(topic, _likeness(words, topic, language)) for topic in topics]
    return sorted((each for each in found if each.likeness >= UNSURE), key=lambda each: -each.likeness)


def is_sure(found: list[Found]) -> bool:
    """Whether the first one is meant, and need not be asked about."""
    return (
        bool(found)
        and found[0].likeness >= SURE
        and (len(found) == 1 or found[0].likeness - found[1].likeness >= APART)
    )


def search_topics(typed: str, topics: Iterable[Topic], language: str) -> list[Topic]:
    """The topics for what an agent typed: those that are like it, then those whose answer holds its words.

    Without words all of them.
    """
    every = list(topics)
    words = _words(typed)
    if not words:
        return every
    like = [each.topic for each in find_topics(typed, every, language)]
    holding = [each for each in every if each not in like and set(words) <= set(_words(each.texts.get(language, "")))]
    return like + holding


def _likeness(said: tuple[str, ...], topic: Topic, language: str) -> float:
    phrases = (*topic.words.get(language, ()), topic.titles.get(language, ""))
    return max((_of_phrase(said, _words(phrase)) for phrase in phrases), default=0.0)


def _of_phrase(said: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    """How like the words of a phrase are to the likest words that were said."""
    if not phrase or not said:
        return 0.0
    return sum(max(_of_words(one, other) for other in said) for one in phrase) / len(phrase)


def _of_words(one: str, other: str) -> float:
    if one == other:
        return 1.0
    if len(one) >= _STEM and one[:_STEM] == other[:_STEM]:
        return 0.9
    ratio = SequenceMatcher(None, one, other).ratio()
    return ratio if ratio >= _LIKE else 0.0


def _words(text: str) -> tuple[str, ...]:
    """The words of a text without case, accents and punctuation."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("đ", "d"))
    letters = (sign if sign.isalnum() else " " for sign in plain if not unicodedata.combining(sign))
    return tuple("".join(letters).split())
