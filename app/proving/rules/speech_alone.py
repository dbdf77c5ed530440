"""A caller who cannot press keys gets everywhere by words."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import TypeAlias

from app.ivr.interpreter import interpret
from app.ivr.nodes.menu import UNIVERSAL_CHOICES, language_choice
from app.ivr.turn import Ask, Gather, Heard, How, Position
from app.proving.moves import HASH, SAID, WRONG, moves
from app.proving.office import answers
from app.proving.path import path_to
from app.proving.rule import Rule, Subject, Verdict, law, proved, refuted
from app.proving.states import Graph, State

_Place: TypeAlias = tuple[str, int, str]  # node, tries, kind of wait


def prove(subject: Subject) -> Verdict:
    """At every node that listens, in every language: whatever a key does, some words do as well."""
    graph = subject.graph
    listening = {state.node: state for state in graph.waiting() if isinstance(state.wait, Gather) and not state.tries}
    for state in listening.values():
        wanted = _led_to_by_keys(graph, state)
        for language in graph.hotline.languages if wanted else ():
            left = wanted.keys() - _led_to_by_words(graph, state, language, wanted.keys())
            if left:
                found = path_to(graph, lambda each, state=state: each == state)  # type: ignore[misc]
                return refuted(f"at {state.node} no words in {language} do what {wanted[min(left)]} does", found)
    for language in graph.hotline.languages if listening else ():
        other = _language_not_sayable(graph, next(iter(listening.values())), language)
        if other is not None:
            return refuted(f"no words in {language} change to {other}, as its key does")
    return proved(f"at {len(listening)} nodes words do what keys do, in {', '.join(graph.hotline.languages)}")


def _led_to_by_keys(graph: Graph, state: State) -> dict[_Place, str]:
    """Where keys lead that silence does not lead to, each with what is pressed for it."""
    node, position = graph.flows.nodes[state.node], graph.position(state, graph.hotline.main_language)
    assert isinstance(state.wait, Gather)
    led = {
        _leads_to(graph, position, move.heard): move.typed
        for move in moves(node, state.wait, graph.hotline.country)
        if move.is_by_keys and move not in (HASH, WRONG)
    }
    # What is no answer is asked again; whoever speaks need not do that, nor say what silence does.
    by_silence = _leads_to(graph, position, Heard(How.SILENCE))
    return {there: typed for there, typed in led.items() if there[0] != state.node and there != by_silence}


def _led_to_by_words(graph: Graph, state: State, language: str, wanted: Collection[_Place]) -> set[_Place]:
    """Where words lead; no more are tried as soon as all that is wanted was found."""
    position, led = graph.position(state, language), set[_Place]()
    for words in _sayable(graph, state, language):
        led |= _may_lead_to(graph, position, Heard(How.SPEECH, speech=words))
        if led.issuperset(wanted):
            break
    return led


def _language_not_sayable(graph: Graph, state: State, language: str) -> str | None:
    """Another language of the hotline to which no words lead; None if its name, or some other words, lead to each."""
    position = graph.position(state, language)
    for other in graph.hotline.languages:
        named = [each.written for each in graph.flows.spoken.get(language, ()) if each.choice == language_choice(other)]
        heard = (Heard(How.SPEECH, speech=words) for words in named)
        if all(interpret(graph.flows, position, each).position.language != other for each in heard):
            return other
    return None


def _sayable(graph: Graph, state: State, language: str) -> Iterator[str]:
    assert isinstance(state.wait, Gather)
    if not state.wait.speech:
        return
    choices = {*graph.flows.nodes[state.node].choices(), *UNIVERSAL_CHOICES}
    phrases = [each for each in graph.flows.spoken.get(language, ()) if each.choice in choices]
    # One phrase of each choice first: most often nothing else is needed.
    first = {each.choice: each for each in reversed(phrases)}.values()
    yield from (each.written for each in (*first, *phrases))
    yield from (SAID.heard.speech, graph.hotline.company.phone or graph.hotline.numbers[0])


def _may_lead_to(graph: Graph, position: Position, heard: Heard) -> set[_Place]:
    """Where words lead, and if the office looks them up, where each of its answers does."""
    turn = interpret(graph.flows, position, heard)
    there = {(turn.position.node, turn.position.tries, type(turn.wait).__name__)}
    if isinstance(turn.wait, Ask) and turn.wait.what == "find_topic":
        there |= {_leads_to(graph, turn.position, answer.heard) for answer in answers(turn.wait)}
    return there


def _leads_to(graph: Graph, position: Position, heard: Heard) -> _Place:
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
