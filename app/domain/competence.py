"""Who can serve a customer: people who speak their language and can handle their kind of matter."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Protocol, TypeVar

from app.domain.errors import Invalid

CASE_KINDS: Final = ("complaint", "cancellation", "recall", "information")


class Competent(Protocol):
    """What somebody can do: a person, a shift or a team."""

    @property
    def languages(self) -> Sequence[str]:
        """The ones they speak with customers."""

    @property
    def skills(self) -> Sequence[str]:
        """The kinds of case they handle; none: every kind."""


Somebody = TypeVar("Somebody", bound=Competent)


def best_for(everybody: Sequence[Somebody], language: str, kind: str) -> list[Somebody]:
    """Those who speak a language and handle a kind of case, in the order given.

    Anybody is better than a promise that is never kept: if nobody who speaks the language handles the kind, all who
    speak it can serve; if nobody speaks it at all, the same is asked of everybody.

    Args:
        kind: of the case; "" if it is not known yet, for which nobody needs a skill.
    """
    speaking = [each for each in everybody if language in each.languages] or list(everybody)
    return [each for each in speaking if not kind or not each.skills or kind in each.skills] or speaking


def listing(everybody: Sequence[Somebody], language: str, kind: str) -> list[Somebody]:
    """Those who speak a language and name a kind among their skills: the people of a queue of its own (P11)."""
    return [each for each in everybody if language in each.languages and kind in each.skills]


def check_kinds(skills: Sequence[str]) -> list[str]:
    """These kinds of case, each once, in their own order.

    Raises:
        Invalid: if one is no kind of case.
    """
    for skill in skills:
        if skill not in CASE_KINDS:
            raise Invalid("skills", f"has {skill!r}; the kinds of case are {', '.join(CASE_KINDS)}")
    return sorted(set(skills), key=CASE_KINDS.index)
