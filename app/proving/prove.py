"""Proves every rule of every hotline."""

from __future__ import annotations

import gc
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from app.compliance.recording import consent_mode
from app.compliance.statute_book import jurisdictions_for
from app.domain.hotline import Hotline
from app.ivr.flow import FlowSet
from app.proving.explore import explore
from app.proving.office import Beginning, beginnings, outreach_beginnings
from app.proving.path import Path
from app.proving.profile import profile_of
from app.proving.prompt_classes import PromptClasses
from app.proving.rule import Rule, SpokenWords, Subject, Verdict
from app.proving.rules import rules

_CALLERS: Final = {"DE": "+493023125042", "BR": "+551123456789", "US": "+12015550123"}
"""Who calls from where in proofs, unless the number is withheld."""

_WITHHELD: Final = "+266696687"  # how the network sends it


@dataclass(frozen=True, slots=True)
class Report:
    """The verdicts of all rules about one hotline."""

    hotline: str
    jurisdiction: str
    number: str  # E.164: where the calls of the counter-examples go
    states: int
    edges: int
    verdicts: tuple[tuple[Rule, Verdict], ...]

    @property
    def is_proved(self) -> bool:
        """Whether every rule is."""
        return all(verdict.proved for _, verdict in self.verdicts)

    def to_json(self) -> dict[str, Any]:
        """The report as JSON values."""
        return {
            "hotline": self.hotline,
            "jurisdiction": self.jurisdiction,
            "states": self.states,
            "edges": self.edges,
            "proved": self.is_proved,
            "rules": [self._line(rule, verdict) for rule, verdict in self.verdicts],
        }

    def _line(self, rule: Rule, verdict: Verdict) -> Mapping[str, Any]:
        grounds = [
            {
                "text": ground.citation.text,
                "url": ground.citation.url,
                "read_on": ground.citation.read_on.isoformat(),
                "confirmed": ground.citation.confirmed,
            }
            for ground in rule.grounds_in(self.jurisdiction)
        ]
        return {
            "rule": rule.name,
            "says": rule.says,
            "grounds": grounds,
            "proved": verdict.proved,
            "evidence": verdict.evidence,
            "counter_example": None if verdict.path is None else self._example(verdict.path),
        }

    def _example(self, path: Path) -> Mapping[str, Any]:
        begins = path.moves[0].begins if path.moves else None
        caller = (begins.caller or _WITHHELD) if isinstance(begins, Beginning) else _WITHHELD
        return {
            "keys": str(path),
            "script": path.script,
            "conditions": list(path.conditions),
            "from": caller,
            "to": self.number,
            "replay": ""  # who is rung cannot be played, only read
            if isinstance(begins, Beginning) and begins.flow
            else f'flows play --from {caller} --to {self.number} --script "{path.script}"',
        }


def prove_all(
    flows: FlowSet, words: SpokenWords, classes: PromptClasses, hotlines: Iterable[Hotline], *, on: date
) -> tuple[Report, ...]:
    """The reports of all hotlines.

    Args:
        on: the day whose law counts.

    Raises:
        LawUnknown: if a hotline stands under a law that we do not have.
    """
    with _without_collecting():
        return tuple(prove_hotline(flows, words, classes, hotline, on=on) for hotline in hotlines)


@contextmanager
def _without_collecting() -> Iterator[None]:
    """A graph holds no circles: the collector would look at all of it again and again, and find nothing."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_enabled:
            gc.enable()


def prove_hotline(flows: FlowSet, words: SpokenWords, classes: PromptClasses, hotline: Hotline, *, on: date) -> Report:
    """The report of one hotline, for every call to it that can happen, and every call that it begins."""
    modes, profile = consent_modes(hotline, on=on), profile_of(hotline.jurisdiction)
    begun = outreach_beginnings(modes, flows.entries)
    graphs = [explore(flows, hotline, each) for each in (beginnings(modes), begun) if each]
    subjects = [Subject(graph, words, classes, profile, on) for graph in graphs]
    verdicts = tuple((rule, _verdict(rule, subjects)) for rule in rules())
    number = hotline.numbers[0] if hotline.numbers else hotline.company.phone
    states, edges = sum(len(each.states) for each in graphs), sum(len(each.edges) for each in graphs)
    return Report(hotline.name, hotline.jurisdiction, number, states, edges, verdicts)


def _verdict(rule: Rule, subjects: Sequence[Subject]) -> Verdict:
    """Of calls that come in, unless it is refuted of calls that we begin."""
    verdict = rule.prove(subjects[0])
    for begun in () if rule.incoming_only or not verdict.proved else subjects[1:]:
        of_begun = rule.prove(begun)
        if not of_begun.proved:
            return of_begun
    return verdict


def consent_modes(hotline: Hotline, *, on: date) -> dict[str, str]:
    """How the law may want calls to this hotline recorded, for each a number that calls so.

    Raises:
        BadFile: if a file of the law is faulty.
    """
    found: dict[str, str] = {}
    for country in sorted(_CALLERS, key=lambda each: each != hotline.country):
        mode = str(consent_mode(*jurisdictions_for(country, hotline.jurisdiction), on=on))
        found.setdefault(mode, _CALLERS[country])
    return dict(sorted(found.items()))
