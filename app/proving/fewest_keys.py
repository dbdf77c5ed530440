"""How few keys lead somewhere, when the caller chooses the keys and the office answers whatever is worst for them."""

from __future__ import annotations

import heapq
from collections import defaultdict
from collections.abc import Callable, Container
from itertools import count
from typing import Final, TypeAlias

from app.proving.moves import Sort
from app.proving.states import BEFORE, Edge, Graph, State

_COUNTED: Final = frozenset({Sort.KEY, Sort.ENTRY, Sort.OFFICE})
_Place: TypeAlias = tuple[int, bool]  # number of the state, and whether what must come first has come


def fewest_keys(
    graph: Graph,
    comes_first: Callable[[State], bool],
    is_there: Callable[[Edge], bool],
    counts: Callable[[Edge], bool],
) -> list[Edge] | None:
    """One way with the fewest keys that is enough for every caller; None if for some callers none is.

    Found backwards from the end: a place where the caller chooses is as near as its best key, a place where the office
    answers, and the beginning, as near as the worst.

    Args:
        comes_first: the state that must have been passed.
        is_there: whether an edge, after that, ends the way; asked once of all edges that are alike.
        counts: whether calls that begin so are looked at.
    """
    is_there = _once(is_there)
    first = frozenset(state.number for state in graph.states if comes_first(state))
    into, waiting, heap = _backwards(graph, first, is_there, counts)
    best: dict[_Place, Edge] = {}
    turns = count(len(heap))  # among equals the one found first, so that every proof tells the same way
    while heap:
        keys, _, place, edge = heapq.heappop(heap)
        if place in best:
            continue
        if place in waiting:
            waiting[place] -= 1
            if waiting[place]:
                continue  # the worst answer is the last that comes
        best[place] = edge
        if place[0] == BEFORE:
            return _way(best, place, first, is_there)
        for source, led in into[place]:
            heapq.heappush(heap, (keys + _cost(led), next(turns), source, led))
    return None


def _once(ask: Callable[[Edge], bool]) -> Callable[[Edge], bool]:
    """The same question, asked once of all edges that are alike."""
    answers: dict[int, bool] = {}

    def asked(edge: Edge) -> bool:
        answer = answers.get(edge.alike)
        if answer is None:
            answer = answers[edge.alike] = ask(edge)
        return answer

    return asked


def _backwards(
    graph: Graph,
    first: Container[int],
    is_there: Callable[[Edge], bool],
    counts: Callable[[Edge], bool],
) -> tuple[dict[_Place, list[tuple[_Place, Edge]]], dict[_Place, int], list[tuple[int, int, _Place, Edge]]]:
    """What leads into each place, how many answers must come out of one that is not the caller's, and the ends."""
    into: dict[_Place, list[tuple[_Place, Edge]]] = defaultdict(list)
    waiting: dict[_Place, int] = {}
    ends: list[tuple[int, int, _Place, Edge]] = []
    ahead: list[_Place] = [(BEFORE, False)]
    seen = set(ahead)
    while ahead:
        place = ahead.pop()
        edges = [edge for edge in graph.ways(place[0]) if _is_possible(edge, counts)]
        if not all(edge.move.is_of_caller for edge in edges):
            waiting[place] = len(edges)
        for edge in edges:
            if place[1] and is_there(edge):
                ends.append((_cost(edge), len(ends), place, edge))
                continue
            target = (edge.target, place[1] or edge.target in first)
            into[target].append((place, edge))
            if target not in seen:
                seen.add(target)
                ahead.append(target)
    heapq.heapify(ends)
    return into, waiting, ends


def _is_possible(edge: Edge, counts: Callable[[Edge], bool]) -> bool:
    sort = edge.move.sort
    return sort in _COUNTED or (sort is Sort.BEGIN and counts(edge))


def _cost(edge: Edge) -> int:
    return len(edge.move.typed) if edge.move.is_of_caller else 0


def _way(
    best: dict[_Place, Edge], place: _Place, first: Container[int], is_there: Callable[[Edge], bool]
) -> list[Edge]:
    way: list[Edge] = []
    while True:
        edge = best[place]
        way.append(edge)
        if place[1] and is_there(edge):
            return way
        place = (edge.target, place[1] or edge.target in first)
