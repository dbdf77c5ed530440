"""The queues in which callers wait: each language of a hotline has the usual one, one for danger, one for recalls."""

from __future__ import annotations

from app.domain.hotline import Hotline
from app.ivr.turn import Known, Position


def own_queue_of(hotline: Hotline, known: Known, *, urgent: bool) -> str | None:
    """The kind of case whose own queue this caller waits in: recall, as the hotline has it; None for the usual one.

    Who is in danger waits in none: everybody serves them.
    """
    is_rung = bool(known.get("outreach"))
    about_recall = is_rung or known.get("case_kind") == "recall"
    wanted = {"rung": is_rung, "all": about_recall, "none": False}[hotline.queue.recall.callers]
    return "recall" if wanted and not urgent else None


def queue_name(hotline: Hotline, position: Position, *, urgent: bool) -> str:
    """What the queue is called at the network."""
    own = own_queue_of(hotline, position.known, urgent=urgent)
    kind = "urgent" if urgent else own
    return "-".join((hotline.name, position.language, *((kind,) if kind else ())))
