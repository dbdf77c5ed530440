"""What a recall notice must say and must not say, per jurisdiction and language.

The rules stand in the file beside this one, each with its source. Faults of words (`is_spoken`) keep a text from being
spoken or sent; the others are shown to whoever writes the notice.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import Final

from app.compliance.law_file import read_citation
from app.compliance.rule import Citation
from app.domain.complaint_terms import Remedy
from app.domain.errors import BadFile, LawUnknown
from app.domain.yaml_source import Node, read_yaml

_FILE: Final = Path(__file__).parent / "recall_notice.yaml"
_BEFORE_HEADING: Final = 60  # signs of a company's name
_RULES: Final = ("heading", "stop", "softening", "remedies")


@dataclass(frozen=True, slots=True)
class NoticeFault:
    """What is wrong with a notice."""

    rule: str  # heading, stop, softening, remedies, contact, description, hazard
    found: str  # the words that are wrong; "" where something is missing
    citation: Citation
    is_spoken: bool  # the words must not be spoken or sent so


@dataclass(frozen=True, slots=True)
class NoticeWords:
    """What one language calls things."""

    heading: str
    stop: tuple[re.Pattern[str], ...]
    softening: tuple[re.Pattern[str], ...]


@dataclass(frozen=True, slots=True)
class _Wanted:
    citations: Mapping[str, Citation]  # by rule
    least_remedies: int


@dataclass(frozen=True, slots=True)
class _Rules:
    jurisdictions: Mapping[str, _Wanted]
    languages: Mapping[str, NoticeWords]


@lru_cache(maxsize=4_096)
def softening_in(text: str) -> tuple[str, ...]:
    """The words of a text that lessen the risk, in whatever language it is written.

    Every language is looked for, since lists do not say in which one they are.

    Example:
        >>> softening_in("voluntarily recalls heaters; none reported")
        ('voluntar', 'none reported')
    """
    found = (
        hit[0] for words in _rules().languages.values() for pattern in words.softening if (hit := pattern.search(text))
    )
    return tuple(dict.fromkeys(found))


def without_softening(text: str) -> str:
    """The text, or "" if it may not be spoken or sent."""
    return "" if softening_in(text) else text


def lint_words(text: str, jurisdiction: str) -> tuple[NoticeFault, ...]:
    """What in a part of a notice may not be said.

    Raises:
        LawUnknown: if nothing is known about the jurisdiction.
    """
    citation = _wanted(jurisdiction).citations["softening"]
    return tuple(NoticeFault("softening", found, citation, True) for found in softening_in(text))


def lint_notice(text: str, language: str, jurisdiction: str) -> tuple[NoticeFault, ...]:
    """What is wrong with a whole notice as it is spoken, sent or shown.

    Args:
        text: all of it, the heading first; a text message may name the company before.

    Raises:
        LawUnknown: if nothing is known about the jurisdiction or the language.
    """
    wanted, words = _wanted(jurisdiction), notice_words(language)
    faults = list(lint_words(text, jurisdiction))
    if words.heading.casefold() not in text[: _BEFORE_HEADING + len(words.heading)].casefold():
        faults.append(NoticeFault("heading", words.heading, wanted.citations["heading"], True))
    if not any(pattern.search(text) for pattern in words.stop):
        faults.append(NoticeFault("stop", "", wanted.citations["stop"], True))
    return tuple(faults)


def lint_remedies(remedies: Sequence[Remedy], justification: str, jurisdiction: str) -> tuple[NoticeFault, ...]:
    """Whether enough remedies are offered, or the reason is given why not.

    Raises:
        LawUnknown: if nothing is known about the jurisdiction.
    """
    wanted = _wanted(jurisdiction)
    if len(set(remedies)) >= wanted.least_remedies or (remedies and justification.strip()):
        return ()
    return (NoticeFault("remedies", "", wanted.citations["remedies"], False),)


def lint_missing(part: str, text: str, jurisdiction: str) -> tuple[NoticeFault, ...]:
    """A fault if a part of the notice that every notice has is empty.

    Args:
        part: description, hazard or contact.

    Raises:
        LawUnknown: if nothing is known about the jurisdiction.
    """
    if text.strip():
        return ()
    return (NoticeFault(part, "", _wanted(jurisdiction).citations["heading"], False),)


def notice_words(language: str) -> NoticeWords:
    """What the parts of a notice are called in a language.

    Raises:
        LawUnknown: if nothing is known about the language.
    """
    found = _rules().languages.get(language)
    if found is None:
        raise LawUnknown(language, "the words of a recall notice")
    return found


def _wanted(jurisdiction: str) -> _Wanted:
    found = _rules().jurisdictions.get(jurisdiction)
    if found is None:
        raise LawUnknown(jurisdiction, "what a recall notice must say")
    return found


@cache
def _rules() -> _Rules:
    root = read_yaml(_FILE, _FILE.name)
    parts = root.entries()
    sources = {name: read_citation(node) for name, node in parts["sources"].entries().items()}
    return _Rules(
        {name: _read_wanted(node, sources) for name, node in parts["jurisdictions"].entries().items()},
        {name: _read_words(node) for name, node in parts["languages"].entries().items()},
    )


def _read_wanted(node: Node, sources: Mapping[str, Citation]) -> _Wanted:
    entries = node.entries()
    faults = node.unknown_keys((*_RULES, "least_remedies"))
    faults += [node.fault(f"{name!r} is missing") for name in (*_RULES, "least_remedies") if name not in entries]
    faults += [
        entries[rule].fault(f"no source {entries[rule].text()!r}")
        for rule in _RULES
        if rule in entries and entries[rule].text() not in sources
    ]
    if faults:
        raise BadFile(faults)
    citations = {rule: sources[entries[rule].text()] for rule in _RULES}
    return _Wanted(citations, int(entries["least_remedies"].text()))


def _read_words(node: Node) -> NoticeWords:
    entries = node.entries()
    stop, softening = (
        tuple(re.compile(pattern.text(), re.IGNORECASE) for pattern in entries[name].items())
        for name in ("stop", "softening")
    )
    return NoticeWords(entries["heading"].text(), stop, softening)
