"""No advertising is spoken or sent to who did not agree to it before, and none is heard at all in the queue."""

from __future__ import annotations

from typing import Final

from app.proving.heard import IN_THE_QUEUE
from app.proving.moves import Sort
from app.proving.path import walk
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, listed, proved, refuted
from app.proving.states import Edge

AGREED: Final = "advertising"
"""The answer that holds whether the caller agreed: `granted`."""


def prove(subject: Subject) -> Verdict:
    """Follow every call up to the first prompt of the class, and look for an active yes before it."""
    advertising = subject.classes.advertising
    in_queue = advertising & set(IN_THE_QUEUE)
    if in_queue:
        return refuted(f"advertising in the queue: {listed(in_queue)}")

    def remember(agreed: bool, edge: Edge) -> bool | None:
        if agreed:
            return True
        return edge.saved.get(AGREED) == "granted" and edge.move.sort in (Sort.KEY, Sort.WORDS)

    def is_wrong(agreed: bool, edge: Edge) -> bool:
        return not agreed and (edge.speaks(advertising) or not advertising.isdisjoint(edge.texts))

    found = walk(subject.graph, False, remember, is_wrong)
    if found is not None:
        return refuted(f"advertising is spoken or sent before {found[1].node} without consent", found)
    return proved(f"{len(advertising)} prompts are advertising; none is heard or sent without consent")


RULE = Rule(
    "no-advertising",
    "No advertising is heard, or comes as a text message, without consent given before.",
    (
        law("Decreto 11.034/2022, art. 4 §5", DECREE_URL, "br-sac", confirmed=True),
        law("§ 7 UWG", "https://www.gesetze-im-internet.de/uwg_2004/__7.html", "de", confirmed=True),
        house("S4"),
    ),
    prove,
)
