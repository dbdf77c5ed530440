"""A menu has at most five options, with keys from 1 in order."""

from __future__ import annotations

from app.ivr.nodes.menu import Menu
from app.proving.path import path_to
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Count the options of every menu that a caller can come to."""
    graph, most = subject.graph, subject.profile.menu_options
    menus = {state.node: node for state in graph.waiting() if isinstance(node := graph.node(state), Menu)}
    for name, menu in menus.items():
        keys = list(menu.options)
        if not 1 <= len(keys) <= most or keys != [str(number) for number in range(1, len(keys) + 1)]:
            found = path_to(graph, lambda state, name=name: state.node == name)  # type: ignore[misc]
            return refuted(f"{name} has the keys {', '.join(keys)}; 1 to {most} without a gap are allowed", found)
    longest = max((len(menu.options) for menu in menus.values()), default=0)
    return proved(f"{len(menus)} menus, the longest with {longest} options")


RULE = Rule("menu-size", "A menu has at most five options, numbered without a gap.", (house("IVR design"),), prove)
