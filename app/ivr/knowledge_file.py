"""Reads the knowledge of a hotline: topics with titles, words and answers in each of its languages."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import Final

from app.domain.knowledge import Topic
from app.domain.yaml_source import Node
from app.ivr import hotline_values as values
from app.ivr.fields import Reading

LONGEST_ANSWER: Final = 270
"""Letters: twenty seconds in the slowest of our languages, fourteen letters a second."""

_PARTS: Final = ("as_of", "title", "words", "text")


def read_topics(reading: Reading, node: Node, languages: Collection[str]) -> tuple[Topic, ...]:
    """The topics at this place, in order; faults go to `reading`."""
    return tuple(_topic(reading, name, each, languages) for name, each in reading.entries(node).items())


def _topic(reading: Reading, name: str, node: Node, languages: Collection[str]) -> Topic:
    parts = reading.entries(node)
    reading.faults.extend(node.unknown_keys(_PARTS) if parts else [])
    reading.faults.extend(node.fault(f"topic {name!r} needs {each!r}") for each in _PARTS if each not in parts)
    nothing: dict[str, Node] = {}
    titles, words, texts = (
        _by_language(reading, parts[each], languages) if each in parts else nothing
        for each in ("title", "words", "text")
    )
    for each in texts.values():
        if len(reading.text(each)) > LONGEST_ANSWER:
            reading.faults.append(each.fault(f"is longer than {LONGEST_ANSWER} letters, which take 20 s; shorten it"))
    return Topic(
        name=name,
        as_of=values.day(reading, parts["as_of"]) if "as_of" in parts else date.min,
        titles={language: reading.text(each) for language, each in titles.items()},
        words={language: tuple(map(reading.text, reading.items(each))) for language, each in words.items()},
        texts={language: reading.text(each) for language, each in texts.items()},
    )


def _by_language(reading: Reading, node: Node, languages: Collection[str]) -> dict[str, Node]:
    entries = reading.entries(node)
    missing = [each for each in languages if each not in entries]
    if missing:
        reading.faults.append(node.fault(f"is missing in {', '.join(missing)}; every language of the hotline has it"))
    return dict(entries)
