"""A caller who cannot press keys gets everywhere by words."""

from __future__ import annotations

from collections.abc import Iterator

from app.ivr.flow import FlowNode
from app.ivr.interpreter import interpret
from app.ivr.nodes.menu import UNIVERSAL_CHOICES
from app.ivr.turn import Gather, Heard, How, Position
from app.proving.moves import HASH, SAID, WRONG, moves
from app.proving.path import path_to
from app.proving.rule import Rule, Subject, Verdict, law, proved, refuted
from app.proving.states import Graph, State


def prove(subject: Subject) -> Verdict:
    """At every node that listens, in every language: whatever a key leads to, some words lead to as well."""
    graph = subject.graph
    listening = {state.node: state for state in graph.waiting() if isinstance(state.wait, Gather) and not state.tries}
    for state in listening.values():
        for language in graph.hotline.languages:
            key = _key_without_words(graph, state, language)
            if key is not None:
                found = path_to(graph, lambda each, state=state: each == state)  # type: ignore[misc]
                return refuted(f"at {state.node} no words in {language} do what {key} does", found)
    return proved(f"at {len(listening)} nodes words do what keys do, in {', '.join(graph.hotline.languages)}")


def _key_without_words(graph: Graph, state: State, language: str) -> str | None:
    node, position = graph.flows.nodes[state.node], graph.position(state, language)
    assert isinstance(state.wait, Gather)
    wanted = {
        _leads_to(graph, position, move.heard): move.typed
        for move in moves(node, state.wait, graph.hotline.country)
        if move.is_by_keys and move not in (HASH, WRONG)
    }
    # What is no answer is asked again; whoever speaks need not do that.
    wanted = {there: typed for there, typed in wanted.items() if there[0] != state.node}
    for words in _sayable(graph, node, state.wait, language):
        wanted.pop(_leads_to(graph, position, Heard(How.SPEECH, speech=words)), None)
        if not wanted:
            return None
    wanted.pop(_leads_to(graph, position, Heard(How.SILENCE)), None)
    return next(iter(wanted.values()), None)


def _sayable(graph: Graph, node: FlowNode, wait: Gather, language: str) -> Iterator[str]:
    if not wait.speech:
        return
    choices = {*node.choices(), *UNIVERSAL_CHOICES}
    yield from (each.written for each in graph.flows.spoken.get(language, ()) if each.choice in choices)
    yield from (SAID.heard.speech, graph.hotline.company.phone or graph.hotline.numbers[0])


def _leads_to(graph: Graph, position: Position, heard: Heard) -> tuple[str, int, str]:
    turn = interpret(graph.flows, position, heard)
    return turn.position.node, turn.position.tries, type(turn.wait).__name__


RULE = Rule(
    "speech-alone",
    "The hotline can be used by speech alone.",
    (
        law("EN 301 549 V3.2.1, 6.4 (it names hearing and speech, not keys)", "", "de", "eu", confirmed=False),
        law("Decreto 11.034/2022, art. 6 (accessibility)", "", "br-sac", confirmed=True),
        law("house rule: S5", "", confirmed=False),
    ),
    prove,
)
