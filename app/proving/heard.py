"""Which prompts the callers of a hotline may hear or be sent."""

from __future__ import annotations

from typing import Final

from app.ivr.checks import STANDING_PROMPTS
from app.ivr.words import WRITTEN_PROMPTS
from app.proving.path import Path, path_over
from app.proving.rule import Subject
from app.proving.states import State

IN_THE_QUEUE: Final = ("wait.joined", "wait.recall", "wait.place", "wait.rights", "wait.trade")
"""Spoken by the office while a caller waits for a human."""


def prompts_used(subject: Subject) -> tuple[str, ...]:
    """Every prompt of the nodes that calls may come to, and those that belong to no node; sorted."""
    flows = subject.graph.flows
    ahead = [flows.entries[subject.graph.hotline.flow], flows.human]
    seen: set[str] = set()
    while ahead:
        name = ahead.pop()
        if name in flows.nodes and name not in seen:
            seen.add(name)
            ahead.extend(flows.nodes[name].targets())
    return tuple(
        sorted({*(prompt for name in seen for prompt in flows.nodes[name].prompts()), *STANDING_PROMPTS, *IN_THE_QUEUE})
    )


def prompts_heard(subject: Subject) -> tuple[str, ...]:
    """Those that are spoken; text messages are not."""
    return tuple(prompt for prompt in prompts_used(subject) if not prompt.startswith(WRITTEN_PROMPTS))


def way_to_hear(subject: Subject, prompt: str) -> tuple[Path, State] | None:
    """The shortest way to hear a prompt; None for one that no node speaks by itself."""
    return path_over(subject.graph, lambda edge: edge.speaks(frozenset({prompt})))
