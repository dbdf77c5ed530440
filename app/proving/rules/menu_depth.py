"""Nobody has to find the way through more than three menus, one in another."""

from __future__ import annotations

from collections import deque

from app.ivr.nodes.menu import Menu
from app.proving.path import path_to
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted
from app.proving.states import BEFORE, Edge, Graph


def prove(subject: Subject) -> Verdict:
    """Count the choices of a way on the shortest way to every menu. A question whose answer is kept is no such menu."""
    graph, most = subject.graph, subject.profile.menu_depth
    depths = _depths(graph)
    by_menu: dict[str, int] = {}
    for state in graph.waiting():
        if isinstance(graph.node(state), Menu) and state.number in depths:
            by_menu[state.node] = min(by_menu.get(state.node, 99), depths[state.number] + 1)
    deepest = max(by_menu, key=lambda name: by_menu[name], default="")
    if deepest and by_menu[deepest] > most:
        found = path_to(graph, lambda state: state.node == deepest)
        return refuted(f"{deepest} is a menu at depth {by_menu[deepest]}; at most {most} are allowed", found)
    return proved(f"the deepest menu is {deepest}, at depth {by_menu.get(deepest, 0)}")


def _depths(graph: Graph) -> dict[int, int]:
    """By state: through how many menus the shortest way leads there."""
    depths = {BEFORE: 0}
    ahead = deque([BEFORE])
    while ahead:
        number = ahead.popleft()
        for edge in graph.ways(number):
            depth = depths[number] + (1 if _chooses_a_way(graph, edge) else 0)
            if depth < depths.get(edge.target, 99):
                depths[edge.target] = depth
                # Ways without a choice first, so that hardly any state is looked at twice.
                ahead.append(edge.target) if depth > depths[number] else ahead.appendleft(edge.target)
    return depths


def _chooses_a_way(graph: Graph, edge: Edge) -> bool:
    node = graph.node(graph.states[edge.source]) if edge.source != BEFORE else None
    return isinstance(node, Menu) and not node.save and edge.move.typed in node.options


RULE = Rule("menu-depth", "Menus are at most three deep.", (house("IVR design"),), prove)
