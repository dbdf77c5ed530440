"""No loop runs without bound: not without the caller, not by silence or wrong keys, and no call for ever."""

from __future__ import annotations

from dataclasses import replace

from app.ivr.graph import circle, edges_without_caller
from app.ivr.interpreter import GRACE, MAX_WAITS, interpret
from app.ivr.turn import Hangup
from app.proving.explore import MAX_STATES, MAX_TRIES
from app.proving.moves import SILENCE, WRONG, Move
from app.proving.path import Path, path_to
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted
from app.proving.states import Graph, State


def prove(subject: Subject) -> Verdict:
    """Look for circles in what happens without an answer, and let the interpreter end a call that goes on for ever."""
    graph = subject.graph
    nodes = graph.flows.nodes
    ahead = {name: [to for to in edges_without_caller(node) if to in nodes] for name, node in nodes.items()}
    around = circle(ahead)
    if around:
        return refuted(f"runs in a circle without the caller: {' → '.join(around)}", _to(graph, around))
    tired = path_to(graph, lambda state: state.tries >= MAX_TRIES)
    if tired is not None:
        return refuted(f"{tired[1].node} is asked more than {MAX_TRIES} times", tired)
    if not graph.is_whole:
        return refuted(f"there are more than {MAX_STATES} states")
    around = _circle_without_answer(graph)
    if around:
        return refuted(f"silence and wrong keys lead in a circle: {' → '.join(around)}", _to(graph, around))
    endless = next((state for state in _one_of_each_node(graph) if not _ends(graph, state)), None)
    if endless is not None:
        return refuted(f"a call at {endless.node} does not end after {MAX_WAITS} waits", _to(graph, [endless.node]))
    return proved(
        f"{len(graph.states)} states, no circle without an answer; after {MAX_WAITS} waits a human takes over"
    )


def _to(graph: Graph, nodes: list[str]) -> tuple[Path, State] | None:
    return path_to(graph, lambda state: state.node in nodes)


def _circle_without_answer(graph: Graph) -> list[str]:
    ways = {
        state.number: [edge.target for edge in graph.ways(state) if _is_no_answer(edge.move)] for state in graph.states
    }
    return [graph.states[number].node for number in circle(ways) or ()]


def _is_no_answer(move: Move) -> bool:
    return move is SILENCE or move is WRONG or not move.is_of_caller


def _one_of_each_node(graph: Graph) -> list[State]:
    return list({state.node: state for state in graph.waiting() if graph.ways(state)}.values())


def _ends(graph: Graph, state: State) -> bool:
    position = graph.position(state, graph.hotline.main_language)
    handed = interpret(graph.flows, replace(position, asked=MAX_WAITS - 1), SILENCE.heard)
    over = interpret(graph.flows, replace(position, asked=MAX_WAITS + GRACE - 1), SILENCE.heard)
    return handed.position.node == graph.flows.human and isinstance(over.wait, Hangup)


RULE = Rule(
    "bounded",
    "No loop runs without bound.",
    (house("at most three tries, then a human (VoiceXML's counted noinput and nomatch)"),),
    prove,
)
