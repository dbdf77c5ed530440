"""Nothing is recorded before the consent that the law of the call demands, and there is a way on without."""

from __future__ import annotations

from typing import TypeAlias

from app.ivr.turn import Record
from app.proving.moves import Sort
from app.proving.office import Beginning
from app.proving.path import path_to, walk
from app.proving.reach import leading_to
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, law, proved, refuted
from app.proving.states import Edge, State

_Consent: TypeAlias = tuple[str, str]  # what the law demands: ask, announce; what was done: "", granted, announced

_ENOUGH = {"ask": ("granted",), "announce": ("granted", "announced")}


def prove(subject: Subject) -> Verdict:
    """Follow what was asked, answered and announced up to every recording.

    Consent is granted only by a key or by words, right after the question for it; silence is no consent.
    """
    graph, classes = subject.graph, subject.classes

    def asks(state: State) -> bool:
        node = graph.node(state)
        return node is not None and bool(classes.recording_asked & set(node.prompts()))

    def remember(consent: _Consent, edge: Edge) -> _Consent:
        if isinstance(edge.move.begins, Beginning):
            consent = (edge.move.begins.consent_mode, "")
        given = edge.saved.get("consent")
        if given == "granted":
            active = edge.move.sort in (Sort.KEY, Sort.WORDS) and asks(graph.states[edge.source])
            return (consent[0], "granted" if active else "")
        if given == "announced":
            return (consent[0], "announced" if edge.speaks(classes.recording_announced) else "")
        return (consent[0], "") if given else consent

    def is_wrong(consent: _Consent, edge: Edge) -> bool:
        return isinstance(graph.target(edge).wait, Record) and consent[1] not in _ENOUGH.get(consent[0], ("granted",))

    found = walk(graph, ("ask", ""), remember, is_wrong)
    if found is not None:
        return refuted(f"{found[1].node} records without the consent that is demanded", found)
    unrecorded = _ends_unrecorded(subject)
    for state in filter(asks, graph.waiting()):
        ways = [edge for edge in graph.ways(state) if edge.move.sort is Sort.KEY and edge.move.heard.keys not in "069"]
        no = [edge for edge in ways if edge.saved.get("consent") not in (None, "granted", "announced")]
        if not any(edge.target in unrecorded for edge in no):
            problem = f"{state.node} offers no key for a way on without a recording"
            return refuted(problem, path_to(graph, lambda each, state=state: each == state))  # type: ignore[misc]
    recording = {state.node for state in graph.states if isinstance(state.wait, Record)}
    return proved(f"{len(recording)} nodes record, after the consent that is demanded; without it the call goes on")


def _ends_unrecorded(subject: Subject) -> set[int]:
    """States from which some call ends in order and nothing is recorded on the way."""
    ends = [state.number for state in subject.graph.states if state.is_end]
    return leading_to(subject.graph, ends, through=lambda state: not isinstance(state.wait, Record))


RULE = Rule(
    "recording-consent",
    "Nothing is recorded before the consent that the jurisdiction demands, and there is a way on without.",
    (
        law(
            "§ 201 StGB; DSK resolution 2018",
            "https://www.gesetze-im-internet.de/stgb/__201.html",
            "de",
            confirmed=True,
        ),
        law(
            "Regulation (EU) 2016/679, art. 7",
            "https://eur-lex.europa.eu/eli/reg/2016/679/oj",
            "de",
            "eu",
            confirmed=False,
        ),
        law("Decreto 11.034/2022, art. 12 (a duty to record; announced)", DECREE_URL, "br-sac", confirmed=False),
        law("the laws of the states that want the consent of all parties", "", "us", confirmed=True),
    ),
    prove,
)
