"""Complaint and cancellation, and information about recalls, are in the first menu."""

from __future__ import annotations

from app.ivr.nodes.menu import Menu
from app.proving.path import path_to
from app.proving.reach import first_waits, passed
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Look where callers are waited for first, and what each key there puts on record at once."""
    graph = subject.graph
    found: dict[str, str] = {}
    for state in first_waits(graph):
        node = graph.node(state)
        if not isinstance(node, Menu):
            problem = f"the first question, {state.node}, is no menu of subjects"
            return refuted(problem, path_to(graph, lambda each, state=state: each == state))  # type: ignore[misc]
        for kind in subject.profile.first_menu:
            keys = [
                edge.move.typed
                for edge in graph.ways(state)
                if edge.move.typed in node.options and any(each.asks("open_case", kind) for each in passed(graph, edge))
            ]
            if not keys:
                problem = f"no key of the first menu, {state.node}, opens a {kind} at once"
                return refuted(problem, path_to(graph, lambda each, state=state: each == state))  # type: ignore[misc]
            found[kind] = keys[0]
    return proved("in the first menu " + ", ".join(f"{key} opens a {kind}" for kind, key in found.items()))


RULE = Rule(
    "first-menu",
    "Complaint, cancellation and information about recalls are in the first menu.",
    (
        law("Decreto 11.034/2022, art. 5 II (complaint, cancellation)", DECREE_URL, "br-sac", confirmed=True),
        house("S3, and recall information beside them"),
    ),
    prove,
    incoming_only=True,
)
