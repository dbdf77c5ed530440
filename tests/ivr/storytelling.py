"""Whole conversations on the shipped flows, with an office that answers what it is asked."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from app.domain.hotline import Hotline
from app.ivr.flow import FlowSet
from app.ivr.interpreter import interpret, start
from app.ivr.turn import Ask, Effect, Heard, How, Position, Say, Wait

AT_START = {
    "caller": "+493012345601",
    "caller_callable": "yes",
    "hotline": "haushalt",
    "jurisdiction": "de",
    "consent_mode": "ask",
    "open": "no",
}

OFFICE: Mapping[str, Mapping[str, str]] = {
    "open_case": {"protocol": "2612345679", "opened_at": "2026-03-02T09:00:00+00:00"},
    "promise": {"promised": "yes", "due_at": "2026-03-02T13:00:00+00:00"},
    "human": {"human": "closed"},
    "recall": {"match": "none"},
    "owned": {"match": "none"},
    "safety": {"safety": "none"},
    "latest_recalls": {"latest": []},
    "matter": {"found": "no"},
    "feedback": {"feedback": "none"},
    "rate": {"rated": "yes"},
    "withdraw": {"withdrawn": "yes"},
    "suspend_charge": {"suspended": "yes", "decide_by": "2026-03-09T22:59:59+00:00"},
    "cancel_contract": {"cancel_answer": "none", "withdraw": "unknown"},
    "cancel_period": {"cancel_answer": "possible", "withdraw_until": "2026-03-06"},
    "cancel_withdraw": {"cancel_answer": "done", "withdrawn": "withdrawal.reversal"},
    "cancel_day": {"cancel_answer": "understood", "end_on": "2026-06-30"},
    "cancel_end": {"cancel_answer": "done", "ends": "day", "ends_on": "2026-06-30"},
    "cancel_address": {"cancel_answer": "reply"},
    "cancel_letter": {"cancel_answer": "done", "receipt": "reply"},
    "cancel_receipt": {"cancel_answer": "done"},
    "hours": {"special_days": []},
    "topics": {"topic_list": ["warranty|Garantie", "exchange|Umtausch"]},
    "find_topic": {"topic_match": "sure", "topic_found": "warranty"},
    "topic": {"topic_title": "Garantie", "topic_text": "Zwei Jahre.", "topic_as_of": "2026-10-01"},
    "days": {"wish_days": ["2026-03-04", "2026-03-05"]},
    "move": {"moved": "wished", "due_at": "2026-03-03T17:00:00+00:00", "from_at": "2026-03-03T16:00:00+00:00"},
}
"""What the office answers unless a story says otherwise; a case takes the kind that was asked for."""


@dataclass
class Conversation:
    """One call on the shipped flows: what was said, asked and ordered so far."""

    flows: FlowSet
    position: Position
    office: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    says: list[Say] = field(default_factory=list)
    asks: list[Ask] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    wait: Wait | None = None

    @classmethod
    def begin(
        cls,
        flows: FlowSet,
        hotline: Hotline,
        language: str = "de",
        office: Mapping[str, Mapping[str, Any]] | None = None,
        **known: Any,
    ) -> Conversation:
        """A call that has just been answered."""
        call = cls(flows, start(flows, hotline, language, {**AT_START, **known}), office or {})
        call.hear(Heard(How.START))
        return call

    def hear(self, heard: Heard) -> list[str]:
        """Let the caller do something; what is said until the next wait, as prompt names."""
        before = len(self.says)
        turn = interpret(self.flows, self.position, heard)
        self.says += turn.says
        self.effects += turn.effects
        while isinstance(turn.wait, Ask):
            self.asks.append(turn.wait)
            turn = interpret(self.flows, turn.position, Heard(How.OUTCOME, outcome=self._answer(turn.wait)))
            self.says += turn.says
            self.effects += turn.effects
        self.position, self.wait = turn.position, turn.wait
        return [say.prompt for say in self.says[before:]]

    def _answer(self, ask: Ask) -> dict[str, Any]:
        what = "owned" if ask.details.get("owned") else ask.what
        answer = {**OFFICE[what], **self.office.get(what, {})}
        if ask.what == "open_case":
            answer["case_kind"] = ask.details["kind"]
        return answer
