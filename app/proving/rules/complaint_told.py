"""Before every orderly end of a complaint call T6 to T9 are spoken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from app.ivr.nodes.end import End
from app.proving.path import Path, walk
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted
from app.proving.states import Edge, State

_Told: TypeAlias = tuple[bool, bool]  # whether there is a complaint; whether the step was spoken since


def prove(subject: Subject) -> Verdict:
    """Follow every complaint to its end, for each of the four.

    A call that the caller breaks off is no orderly end. Who was with a human has heard it there: such calls are
    not followed further.
    """
    classes = subject.classes
    steps: Mapping[str, frozenset[str]] = {
        "T6 (accepted)": classes.accepted,
        "T7 (how it is handled)": classes.procedure,
        "T8 (a solution is sought)": classes.solution,
        "T9 (by when)": classes.deadline,
    }
    for step, prompts in steps.items():
        found = _unspoken(subject, prompts)
        if found is not None:
            return refuted(f"a complaint call ends at {found[1].node} without {step}", found)
    return proved("every complaint call that ends in order has heard T6, T7, T8 and T9")


def _unspoken(subject: Subject, prompts: frozenset[str]) -> tuple[Path, State] | None:
    graph = subject.graph

    def remember(told: _Told, edge: Edge) -> _Told | None:
        if edge.move.heard.queue == "bridged":
            return None
        complained = told[0] or graph.target(edge).asks("open_case", "complaint")
        return complained, complained and (told[1] or edge.speaks(prompts))

    def is_wrong(told: _Told, edge: Edge) -> bool:
        target = graph.target(edge)
        return told == (True, False) and target.is_end and isinstance(graph.node(target), End)

    return walk(graph, (False, False), remember, is_wrong)


RULE = Rule(
    "complaint-told",
    "Before every orderly end of a complaint call the caller hears that it is accepted, how it will be handled, that a "
    "solution is sought, and by when the answer comes.",
    (house("T6, T7, T8, T9"),),
    prove,
)
