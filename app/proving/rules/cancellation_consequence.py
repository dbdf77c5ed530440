"""Who cancels hears one short sentence about consequences at most, once, and is not talked round."""

from __future__ import annotations

from typing import Final

from app.proving.path import Path, walk
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import Edge, State

MOST_SECONDS: Final = 8.0
"""A sentence that is longer is an argument (house rule)."""

_PROMPT: Final = frozenset({"cancellation_consequence"})


def prove(subject: Subject) -> Verdict:
    """Look at the sentence that the hotline file names, in every language; then for a call that hears it twice."""
    found = _heard_twice(subject)
    if found is not None:
        return refuted(f"the consequences of a cancellation are told again on the way to {found[1].node}", found)
    hotline, words = subject.graph.hotline, subject.words
    returns = f"returns.{hotline.cancellation.returns}"
    missing = [each for each in hotline.languages if hotline.cancellation.returns and not words.has(each, returns)]
    if missing:
        return refuted(f"the prompt {returns}, which the hotline file names, is missing in {missing[0]}")
    if not hotline.cancellation.consequence:
        return proved("nothing is said about consequences")
    prompt = f"consequence.{hotline.cancellation.consequence}"
    longest = 0.0
    for language in hotline.languages:
        if not words.has(language, prompt):
            return refuted(f"the prompt {prompt} is missing in {language}")
        if words.sentences(language, prompt) > 1:
            return refuted(f"{prompt} has more than one sentence in {language}")
        longest = max(longest, words.seconds(language, prompt))
        if longest > MOST_SECONDS:
            return refuted(
                f"{prompt} takes {longest:.0f} seconds in {language}; at most {MOST_SECONDS:.0f} are allowed"
            )
    return proved(f"one sentence of at most {longest:.0f} seconds, told once, after the cancellation took effect")


def _heard_twice(subject: Subject) -> tuple[Path, State] | None:
    graph = subject.graph

    def remember(heard: int, edge: Edge) -> int:
        if graph.target(edge).asks("open_case", "cancellation"):
            return 0
        return min(heard + edge.speaks(_PROMPT), 2)

    return walk(graph, 0, remember, lambda heard, _: heard > 1)


RULE = Rule(
    "cancellation-consequence",
    "Who cancels hears at most one short sentence about consequences, and only once.",
    (
        law(
            "Decreto 11.034/2022, art. 14 (conditions are told; how shortly is ours)",
            DECREE_URL,
            "br-sac",
            confirmed=False,
        ),
        house("no retention"),
    ),
    prove,
)
