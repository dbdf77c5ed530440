"""Calls are served at every hour of every day: nobody is turned away for the time of the call."""

from __future__ import annotations

from app.proving.office import Beginning
from app.proving.path import path_to
from app.proving.reach import passed
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import BEFORE


def prove(subject: Subject) -> Verdict:
    """Let calls begin while humans are there and while nobody is: each must be asked what it is about.

    A flow knows of the time of a call only whether somebody is there, so these two are all hours of the week.
    """
    graph = subject.graph
    first: dict[bool, set[str]] = {True: set(), False: set()}
    for edge in graph.ways(BEFORE):
        begins = edge.move.begins
        assert isinstance(begins, Beginning)
        for state in passed(graph, edge):
            if state.waits_for_caller:
                first[begins.is_open].add(state.node)
            elif state.is_end or state.wait is None:
                hours = "in" if begins.is_open else "outside"
                found = path_to(graph, lambda each, state=state: each == state)  # type: ignore[misc]
                return refuted(f"a call {hours} the hours ends at {state.node} before anything is asked", found)
    if first[True] != first[False]:
        only = first[False] ^ first[True]
        found = path_to(graph, lambda each: each.node in only)
        return refuted(f"{min(only)} is asked only {'in' if only <= first[True] else 'outside'} the hours", found)
    return proved(f"at every hour calls come to {', '.join(sorted(first[False]))}, whether or not somebody is there")


RULE = Rule(
    "always-answered",
    "Calls are served at every hour of every day, with the same first menu.",
    (
        law("Decreto 11.034/2022, art. 4 (24 hours a day, 7 days a week)", DECREE_URL, "br-sac", confirmed=True),
        house("S1: outside the hours of the staff by itself, with a promise instead of a human"),
    ),
    prove,
)
