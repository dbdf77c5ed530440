"""Whether what a caller chose is on record before the call waits again; the caller may hang up at every wait."""

from __future__ import annotations

from app.ivr.nodes.menu import Menu
from app.proving.path import Path, walk
from app.proving.rule import Subject, Verdict, proved, refuted
from app.proving.states import Edge, Graph, State


def prove_on_record(subject: Subject, kind: str) -> Verdict:
    """Whether every choice of a kind of case is on record before the caller can hang up or is asked anything."""
    choices = choices_of(subject.graph, kind)
    if not choices:
        return refuted(f"nowhere can a {kind} be chosen")
    found = off_record(subject.graph, kind)
    if found is not None:
        return refuted(f"{kind} was chosen, and at {found[1].node} none is on record", found)
    return proved(f"all {len(choices)} choices of a {kind} put it on record before the call waits again")


def choices_of(graph: Graph, kind: str) -> list[Edge]:
    """The moves with which a caller chooses a kind of case in a menu."""
    choosing = {edge.alike for edge in graph.unlike() if chooses(graph, edge, kind)}
    return [edge for edge in graph.edges if edge.alike in choosing]


def chooses(graph: Graph, edge: Edge, kind: str) -> bool:
    """Whether a move is the choice of a kind of case, by the words that stand for its key."""
    node = graph.node(graph.states[edge.source]) if edge.source >= 0 else None
    if not isinstance(node, Menu) or edge.move.typed not in node.options:
        return False
    return kind in node.options[edge.move.typed].words


def off_record(graph: Graph, kind: str) -> tuple[Path, State] | None:
    """The shortest call in which a kind of case was chosen and is not on record when it waits or ends; None if none."""

    def remember(owed: bool, edge: Edge) -> bool:
        return (owed or chooses(graph, edge, kind)) and not graph.target(edge).asks("open_case", kind)

    def is_wrong(owed: bool, edge: Edge) -> bool:
        target = graph.target(edge)
        return owed and (target.waits_for_caller or target.is_end or target.wait is None)

    return walk(graph, False, remember, is_wrong)
