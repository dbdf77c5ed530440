"""Before every orderly end of a complaint call T6 to T9 are spoken."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeAlias

from app.ivr.nodes.end import End
from app.proving.path import Path, walk
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted
from app.proving.states import Edge, State

_Told: TypeAlias = tuple[bool, frozenset[str]]  # whether there is a complaint; the steps that were spoken since


def prove(subject: Subject) -> Verdict:
    """Follow every complaint to its end.

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
    if _unspoken(subject, steps) is None:
        return proved("every complaint call that ends in order has heard T6, T7, T8 and T9")
    step, found = next((step, found) for step in steps if (found := _unspoken(subject, {step: steps[step]})))
    return refuted(f"a complaint call ends at {found[1].node} without {step}", found)


def _unspoken(subject: Subject, steps: Mapping[str, frozenset[str]]) -> tuple[Path, State] | None:
    """The shortest complaint call that ends in order without one of these steps."""
    graph = subject.graph

    def remember(told: _Told, edge: Edge) -> _Told | None:
        if edge.move.heard.queue == "bridged":
            return None
        if not told[0] and not graph.target(edge).asks("open_case", "complaint"):
            return told
        return True, told[1] | {step for step, prompts in steps.items() if edge.speaks(prompts)}

    def is_wrong(told: _Told, edge: Edge) -> bool:
        target = graph.target(edge)
        return told[0] and len(told[1]) < len(steps) and target.is_end and isinstance(graph.node(target), End)

    return walk(graph, (False, frozenset[str]()), remember, is_wrong)


RULE = Rule(
    "complaint-told",
    "Before every orderly end of a complaint call the caller hears that it is accepted, how it will be handled, that a "
    "solution is sought, and by when the answer comes.",
    (house("T6, T7, T8, T9"),),
    prove,
)
