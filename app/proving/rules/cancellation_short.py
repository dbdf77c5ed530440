"""How many keys, and how much listening, a cancellation takes until its number is told and its receipt is sent."""

from __future__ import annotations

from collections.abc import Callable

from app.proving.fewest_keys import fewest_keys
from app.proving.office import Beginning
from app.proving.path import path_to
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import Edge


def prove(subject: Subject) -> Verdict:
    """Find the fewest keys that cancel, whatever the office finds in its books, until there is proof.

    Proof is that the number of what is on record is told, for every caller; and that the receipt is on its way, for
    everybody whose number is known. Ways are the same in every language; another one than the first takes its key more.
    Who listens to the end of everything takes as long as is told; keys can be pressed before.
    """
    most, graph = subject.profile.keys_to_cancel, subject.graph
    numbers = subject.classes.number | subject.classes.cancellation_number
    ends: dict[str, tuple[Callable[[Edge], bool], Callable[[Edge], bool]]] = {
        "its number": (lambda edge: edge.speaks(numbers), lambda _: True),
        "its receipt": (lambda edge: graph.target(edge).asks("cancel_receipt"), _has_number),
    }
    told = []
    for what, (is_there, counts) in ends.items():
        way = fewest_keys(graph, lambda state: state.asks("open_case", "cancellation"), is_there, counts)
        if way is None:
            return refuted(f"not every caller who cancels comes to {what}", path_to(graph, _is_cancellation))
        pressed = [each for edge in way if edge.move.is_of_caller for each in edge.move.typed]
        if len(pressed) + 1 > most:
            found = path_to(graph, _is_cancellation)
            return refuted(f"{len(pressed)} keys and one for the language lead to {what}; at most {most} may", found)
        seconds = ", ".join(f"{_seconds(subject, way, each):.0f} s in {each}" for each in graph.hotline.languages)
        told.append(f"to {what} with {' '.join(pressed)} ({seconds})")
    return proved(f"from the ring {', '.join(told)}; in another language than the first with one key more")


def _is_cancellation(state: object) -> bool:
    return bool(state.asks("open_case", "cancellation"))  # type: ignore[attr-defined]


def _has_number(begin: Edge) -> bool:
    return isinstance(begin.move.begins, Beginning) and bool(begin.move.begins.caller) and begin.move.begins.callable


def _seconds(subject: Subject, way: list[Edge], language: str) -> float:
    words, says = subject.words, [say for edge in way for say in edge.says]
    return sum(words.seconds(language, say.prompt) for say in says if words.has(language, say.prompt))


RULE = Rule(
    "cancellation-short",
    "A cancellation takes at most four keys until its number is told, and until its receipt is sent, in each language.",
    (
        law("Decreto 11.034/2022, art. 14 (at once; how many keys is ours)", DECREE_URL, "br-sac", confirmed=False),
        house("as easy as making the contract"),
    ),
    prove,
    incoming_only=True,
)
