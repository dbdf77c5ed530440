"""Once "complaint" was chosen, every call ends with a complaint on record, however it ends."""

from __future__ import annotations

from app.ivr.nodes.menu import Menu
from app.proving.path import walk
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import Edge, Graph


def prove(subject: Subject) -> Verdict:
    """The caller may hang up wherever the call waits, so the record must be there before the next wait."""
    graph = subject.graph
    choices = [edge for edge in graph.edges if _chooses_complaint(graph, edge)]
    if not choices:
        return refuted("nowhere can a complaint be chosen")

    def remember(owed: bool, edge: Edge) -> bool:
        target = graph.target(edge)
        return (owed or _chooses_complaint(graph, edge)) and not target.asks("open_case", "complaint")

    def is_wrong(owed: bool, edge: Edge) -> bool:
        target = graph.target(edge)
        return owed and (target.waits_for_caller or target.is_end or target.wait is None)

    found = walk(graph, False, remember, is_wrong)
    if found is not None:
        return refuted(f"complaint was chosen, and at {found[1].node} none is on record", found)
    return proved(f"all {len(choices)} choices of a complaint put it on record before the call waits again")


def _chooses_complaint(graph: Graph, edge: Edge) -> bool:
    node = graph.node(graph.states[edge.source]) if edge.source >= 0 else None
    if not isinstance(node, Menu) or edge.move.typed not in node.options:
        return False
    return "complaint" in node.options[edge.move.typed].words


RULE = Rule(
    "complaint-kept",
    "Once complaint was chosen, every end of the call leaves a recorded complaint.",
    (
        law("Decreto 11.034/2022, art. 12 (a record to follow the demand by)", DECREE_URL, "br-sac", confirmed=True),
        house("T4: no complaint is refused"),
    ),
    prove,
)
