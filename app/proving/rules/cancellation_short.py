"""How many keys, and how much listening, a cancellation takes until its proof is told."""

from __future__ import annotations

import heapq
from typing import Final

from app.proving.moves import Sort
from app.proving.path import path_to
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import BEFORE, Edge

_TOLD: Final = -2  # the place where the number has been told
_KEYS: Final = frozenset({Sort.KEY, Sort.ENTRY})


def prove(subject: Subject) -> Verdict:
    """Find the call with the fewest keys, and of those the shortest, in which a cancelled contract's number is told.

    Who listens to the end of everything takes that long; keys can be pressed before.
    """
    most = subject.profile.keys_to_cancel
    found = _fewest_keys(subject)
    if found is None:
        return refuted("no call tells the number of a cancellation", path_to(subject.graph, _is_cancellation))
    keys, seconds = found
    told = f"{keys} keys and {seconds:.0f} seconds of listening from the ring to a cancellation with its number"
    if keys > most:
        return refuted(f"{told}; at most {most} keys are allowed", path_to(subject.graph, _is_cancellation))
    return proved(told)


def _is_cancellation(state: object) -> bool:
    return bool(state.asks("open_case", "cancellation"))  # type: ignore[attr-defined]


def _fewest_keys(subject: Subject) -> tuple[int, float] | None:
    graph, proof = subject.graph, subject.classes.number
    ahead: list[tuple[int, float, int, bool]] = [(0, 0.0, BEFORE, False)]
    done: set[tuple[int, bool]] = set()
    while ahead:
        keys, seconds, place, recorded = heapq.heappop(ahead)
        if place == _TOLD:
            return keys, seconds
        if (place, recorded) in done:
            continue
        done.add((place, recorded))
        for edge in graph.ways(place):
            if edge.move.is_of_caller and edge.move.sort not in _KEYS:
                continue
            after = keys + (len(edge.move.typed) if edge.move.sort in _KEYS else 0)
            heard = seconds + _seconds(subject, edge)
            is_on_record = recorded or graph.target(edge).asks("open_case", "cancellation")
            target = _TOLD if recorded and edge.speaks(proof) else edge.target
            heapq.heappush(ahead, (after, heard, target, is_on_record))
    return None


def _seconds(subject: Subject, edge: Edge) -> float:
    language, words = subject.graph.hotline.main_language, subject.words
    return sum(words.seconds(language, say.prompt) for say in edge.says if words.has(language, say.prompt))


RULE = Rule(
    "cancellation-short",
    "A cancellation with its number takes at most four keys from the ring on.",
    (
        law("Decreto 11.034/2022, art. 14 (at once; how many keys is ours)", DECREE_URL, "br-sac", confirmed=False),
        house("as easy as making the contract"),
    ),
    prove,
)
