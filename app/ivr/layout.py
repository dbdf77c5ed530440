"""Where the nodes of a drawing go: in layers from the top, with few crossings, as near to their neighbours as can be.

Lines that pass layers get a place in each of them, so that they run between the nodes and not through them.

Source:
    Sugiyama, Tagawa, Toda: Methods for Visual Understanding of Hierarchical System Structures (1981).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

_SWEEPS: Final = 24  # down and up; more change nothing any more
_LINE_WIDTH: Final = 22.0  # pixels that a line needs in a layer that it passes


@dataclass(frozen=True, slots=True)
class Place:
    """A node, or a line that passes, in its layer; the middle in pixels."""

    x: float
    layer: int


@dataclass(frozen=True, slots=True)
class Layout:
    """Where everything is."""

    nodes: Mapping[str, Place]
    lines: Mapping[tuple[str, str], Sequence[Place]]  # from, to → the places passed between them
    width: float


def lay_out(ahead: Mapping[str, Sequence[str]], widths: Mapping[str, float], gap: float) -> Layout:
    """Places for all nodes, the first one at the top.

    Args:
        ahead: node → where it leads to; without circles (`forward`).
        widths: of the nodes, in pixels.
        gap: between neighbours in a layer, in pixels.
    """
    layer = _layers(ahead)
    chains = {(name, to): _chain(name, to, layer) for name, tos in ahead.items() for to in tos}
    links: dict[str, list[str]] = {name: [] for name in ahead}
    back: dict[str, list[str]] = {name: [] for name in ahead}
    levels: list[list[str]] = [[] for _ in range(max(layer.values()) + 1)]
    for name in ahead:
        levels[layer[name]].append(name)
    for (name, to), chain in chains.items():
        for number, passed in enumerate(chain):
            levels[layer[name] + 1 + number].append(passed)
        for one, other in zip([name, *chain], [*chain, to], strict=True):
            links.setdefault(one, []).append(other)
            back.setdefault(other, []).append(one)
    space = {name: widths.get(name, _LINE_WIDTH) for level in levels for name in level}
    _order(levels, links, back)
    at = _across(levels, links, back, space, gap)
    left = min(at[name] - space[name] / 2 for name in at)
    spot = {name: Place(at[name] - left, number) for number, level in enumerate(levels) for name in level}
    return Layout(
        {name: spot[name] for name in ahead},
        {ends: [spot[passed] for passed in chain] for ends, chain in chains.items()},
        max(spot[name].x + space[name] / 2 for name in spot),
    )


def forward(ahead: Mapping[str, Sequence[str]]) -> dict[str, list[str]]:
    """The same without the ways that lead back to where a call came from."""
    kept: dict[str, list[str]] = {name: [] for name in ahead}
    done: set[str] = set()
    for begin in ahead:
        if begin in done:
            continue
        path, ways = [begin], [iter(ahead[begin])]
        while ways:
            to = next(ways[-1], None)
            if to is None:
                ways.pop()
                done.add(path.pop())
            elif to not in path:
                if to not in kept[path[-1]]:
                    kept[path[-1]].append(to)
                if to not in done:
                    path.append(to)
                    ways.append(iter(ahead[to]))
    return kept


def _layers(ahead: Mapping[str, Sequence[str]]) -> dict[str, int]:
    """The longest way from the top to each node; what begins elsewhere stands right above where it leads to."""
    first = next(iter(ahead))
    order: list[str] = []
    seen: set[str] = set()

    def visit(name: str) -> None:
        seen.add(name)
        for to in ahead[name]:
            if to not in seen:
                visit(to)
        order.append(name)

    for name in ahead:
        if name not in seen:
            visit(name)
    layer = dict.fromkeys(ahead, 0)
    for name in reversed(order):
        for to in ahead[name]:
            layer[to] = max(layer[to], layer[name] + 1)
    entered = {to for tos in ahead.values() for to in tos}
    for name in order:
        if name not in entered and name != first and ahead[name]:
            layer[name] = max(min(layer[to] for to in ahead[name]) - 1, 0)
    return layer


def _chain(name: str, to: str, layer: Mapping[str, int]) -> list[str]:
    return [f"{name} {to} {number}" for number in range(layer[name] + 1, layer[to])]


def _order(levels: list[list[str]], links: Mapping[str, list[str]], back: Mapping[str, list[str]]) -> None:
    """Put each level in the order of the means of its neighbours, down and up in turn; the least crossed stays."""
    best, fewest = [list(level) for level in levels], _crossings(levels, links)
    for sweep in range(_SWEEPS):
        numbers = range(1, len(levels)) if sweep % 2 == 0 else range(len(levels) - 2, -1, -1)
        near = back if sweep % 2 == 0 else links
        for number in numbers:
            beside = levels[number - 1 if sweep % 2 == 0 else number + 1]
            index = {name: place for place, name in enumerate(beside)}
            own = {name: place for place, name in enumerate(levels[number])}

            def mean(name: str, index: dict[str, int] = index, own: dict[str, int] = own) -> float:
                places = [index[each] for each in near.get(name, ()) if each in index]  # noqa: B023
                return sum(places) / len(places) if places else float(own[name])

            levels[number].sort(key=mean)
        crossed = _crossings(levels, links)
        if crossed < fewest:
            best, fewest = [list(level) for level in levels], crossed
    levels[:] = best


def _crossings(levels: Sequence[Sequence[str]], links: Mapping[str, list[str]]) -> int:
    crossed = 0
    for upper, lower in pairwise(levels):
        index = {name: place for place, name in enumerate(lower)}
        ends = [sorted(index[to] for to in links.get(name, ()) if to in index) for name in upper]
        for number, right in enumerate(ends):
            crossed += sum(a > b for left in ends[:number] for a in left for b in right)
    return crossed


def _across(
    levels: Sequence[Sequence[str]],
    links: Mapping[str, list[str]],
    back: Mapping[str, list[str]],
    space: Mapping[str, float],
    gap: float,
) -> dict[str, float]:
    """The middles: each as near to the mean of its neighbours as its own neighbours in the level allow."""
    at: dict[str, float] = {}
    for level in levels:
        at.update(_apart([0.0] * len(level), level, space, gap))
    for sweep in range(_SWEEPS):
        for level in levels if sweep % 2 == 0 else reversed(levels):
            wished = [
                _mean([at[each] for each in (*back.get(name, ()), *links.get(name, ()))], at[name]) for name in level
            ]
            at.update(_apart(wished, level, space, gap))
    return at


def _mean(values: Sequence[float], otherwise: float) -> float:
    return sum(values) / len(values) if values else otherwise


def _apart(wished: Sequence[float], level: Sequence[str], space: Mapping[str, float], gap: float) -> dict[str, float]:
    """The places nearest to the wished ones that keep the order and the distances (pool adjacent violators)."""
    offsets: list[float] = []
    for number, name in enumerate(level):
        before = level[number - 1] if number else name
        offsets.append(offsets[-1] + (space[before] + space[name]) / 2 + gap if number else 0.0)
    pools: list[tuple[float, int]] = []  # mean, size
    for wish, offset in zip(wished, offsets, strict=True):
        mean, size = wish - offset, 1
        while pools and pools[-1][0] > mean:
            other, count = pools.pop()
            mean, size = (mean * size + other * count) / (size + count), size + count
        pools.append((mean, size))
    fitted = [mean for mean, size in pools for _ in range(size)]
    return {name: fit + offset for name, fit, offset in zip(level, fitted, offsets, strict=True)}
