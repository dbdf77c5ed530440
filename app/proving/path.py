"""The shortest way by which a call comes into a state, as keys that a person can dial and `flows play` can replay."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from typing import TypeAlias, TypeVar

from app.proving.moves import Move
from app.proving.states import BEFORE, Edge, Graph, State

Memory = TypeVar("Memory", bound=Hashable)
_Came: TypeAlias = tuple[Memory, int, Edge]  # what was remembered, where, and what led on


@dataclass(frozen=True, slots=True)
class Path:
    """What a caller does from the beginning of a call, and what must be so besides."""

    moves: tuple[Move, ...]
    end: str  # the node to which they lead

    @property
    def script(self) -> str:
        """The moves as `flows play --script` reads them; silence is an empty move."""
        return ",".join(move.typed for move in self.moves if move.is_of_caller)

    @property
    def conditions(self) -> tuple[str, ...]:
        """What the caller cannot choose: the number calling, what the office answers, how a queue ends."""
        return tuple(move.note for move in self.moves if move.note)

    def __str__(self) -> str:
        """For people: the keys, and the conditions."""
        keys = ", ".join(move.typed or "(silence)" for move in self.moves if move.is_of_caller) or "nothing pressed yet"
        return f"{keys} [{'; '.join(self.conditions)}]" if self.conditions else keys


def walk(
    graph: Graph,
    memory: Memory,
    remember: Callable[[Memory, Edge], Memory | None],
    is_wrong: Callable[[Memory, Edge], bool],
    *,
    looks_at_states: bool = False,
) -> tuple[Path, State] | None:
    """The shortest call that goes wrong, looking at every call with what must be remembered of it; None if none does.

    Args:
        remember: what is remembered after an edge; None: calls that take it are not followed. It is asked once of all
            edges that are alike.
        is_wrong: whether a call goes wrong with an edge, given what is remembered after it. Asked once, too, unless
            it looks at states.
        looks_at_states: whether it tells edges apart that are alike.
    """
    came: dict[Memory, dict[int, _Came[Memory] | None]] = {memory: {BEFORE: None}}
    ahead = deque([(BEFORE, memory)])
    known: dict[Memory, dict[int, tuple[Memory | None, bool]]] = {}
    while ahead:
        place, memory = ahead.popleft()
        answers, here = known.setdefault(memory, {}), came[memory]
        for edge in graph.leaving.get(place, ()):
            answer = answers.get(edge.alike)
            if answer is None:
                after = remember(memory, edge)
                wrong = after is not None and not looks_at_states and is_wrong(after, edge)
                answer = answers[edge.alike] = (after, wrong)
            after, wrong = answer
            if after is None:
                continue
            if wrong or (looks_at_states and is_wrong(after, edge)):
                end = graph.target(edge)
                return Path(tuple(_moves(came, (memory, place, edge))), end.node), end
            seen = here if after == memory else came.setdefault(after, {})
            if edge.target not in seen:
                seen[edge.target] = (memory, place, edge)
                ahead.append((edge.target, after))
    return None


def path_to(graph: Graph, is_there: Callable[[State], bool]) -> tuple[Path, State] | None:
    """The shortest way to a state of this kind; None if no call comes there."""
    goals = {state.number for state in graph.states if is_there(state)}
    return walk(graph, True, _go_on, lambda _, edge: edge.target in goals, looks_at_states=True) if goals else None


def path_over(graph: Graph, is_it: Callable[[Edge], bool]) -> tuple[Path, State] | None:
    """The shortest way that ends with such a move or answer; None if no call takes one.

    Args:
        is_it: asked once of all edges that are alike.
    """
    return walk(graph, True, _go_on, lambda _, edge: is_it(edge))


def _go_on(_: bool, edge: Edge) -> bool:
    return True


def _moves(came: dict[Memory, dict[int, _Came[Memory] | None]], last: _Came[Memory]) -> list[Move]:
    """The moves that led to an edge, and its own."""
    moves: list[Move] = []
    step: _Came[Memory] | None = last
    while step is not None:
        memory, place, edge = step
        moves.append(edge.move)
        step = came[memory][place]
    return moves[::-1]
