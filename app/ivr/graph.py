"""Flows as a graph: what can be reached from where, with or without the caller doing anything."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping
from typing import TypeAlias, TypeVar

from app.ivr.asking import Asking
from app.ivr.flow import FlowNode, FlowSet
from app.ivr.nodes.menu import Menu
from app.ivr.nodes.read_back import ReadBack

Edges: TypeAlias = Callable[[FlowNode], Iterable[str]]
_Place = TypeVar("_Place", bound=Hashable)


def all_edges(node: FlowNode) -> Iterable[str]:
    """Every way on."""
    return node.targets()


def edges_without_caller(node: FlowNode) -> Iterable[str]:
    """The ways on that need nothing from the caller; none where the caller is waited for."""
    return () if node.waits else node.targets()


def edges_of_silence(node: FlowNode) -> Iterable[str]:
    """The ways on of a caller who never answers anything."""
    if not isinstance(node, Asking):
        return node.targets()
    skip = getattr(node, "skip", None)
    nothing_to_read = (node.yes,) if isinstance(node, ReadBack) else ()
    return (node.on_failure, *((skip,) if skip else ()), *nothing_to_read)


def detours(flows: FlowSet) -> Iterable[tuple[str, str]]:
    """From each node to which a menu makes a detour, to where the call comes back."""
    for node in flows.nodes.values():
        if isinstance(node, Menu):
            yield from ((option.to, option.then) for option in node.options.values() if option.then)


def reached(flows: FlowSet, begin: Iterable[str], edges: Edges) -> set[str]:
    """All nodes that can be reached from these, with themselves."""
    seen: set[str] = set()
    ahead = list(begin)
    while ahead:
        name = ahead.pop()
        if name not in seen:
            seen.add(name)
            ahead.extend(edges(flows.nodes[name]))
    return seen


def circle(graph: Mapping[_Place, Iterable[_Place]]) -> list[_Place] | None:
    """A circle in the graph, its first place named again at the end; None if there is none."""
    done: set[_Place] = set()
    for begin in graph:
        path: list[_Place] = []
        ways: list[Iterator[_Place]] = [iter((begin,))]
        while ways:
            place = next(ways[-1], None)
            if place is None:
                ways.pop()
                if path:
                    done.add(path.pop())
            elif place in path:
                return [*path[path.index(place) :], place]
            elif place not in done:
                path.append(place)
                ways.append(iter(tuple(graph.get(place, ()))))
    return None
