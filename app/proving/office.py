"""What the office may answer when a flow asks it, and how calls may begin: every possibility that leads elsewhere."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.ivr.checks import ANSWERED_BY_TEXT, BEGUN_BY_US
from app.ivr.turn import Ask, Heard, How
from app.proving.moves import Move, Sort

_DUE: Final = "2026-03-02T13:00:00+00:00"
_PROTOCOL: Final = "2612345679"
_FOUND: Final = {"found": "yes", "protocol": _PROTOCOL, "offer_at": ""}

OUTCOMES: Final[Mapping[str, Mapping[str, Mapping[str, Any]]]] = {
    "open_case": {"": {"protocol": _PROTOCOL, "opened_at": _DUE}},
    "promise": {
        "promised": {"promised": "yes", "due_at": _DUE},
        "no promise possible": {"promised": "no", "promise_reason": "withheld"},
    },
    "human": {
        "nobody is there": {"human": "closed"},
        "somebody is there": {"human": "open"},
        "somebody is there, a notice comes first": {"human": "notice"},
    },
    "recall": {
        "no match": {"match": "none"},
        "recalled": {"match": "exact", "recall_remedies": ["refund"], "recall_drop_off": "shop", "recall_home": "yes"},
        "recalled, to be handed in": {"match": "exact", "recall_remedies": ["refund"], "recall_drop_off": "shop"},
        "recalled, to be fetched": {"match": "exact", "recall_remedies": ["refund"], "recall_home": "yes"},
        "recalled, nothing to choose": {"match": "exact", "recall_do": "unplug it", "recall_remedy": "disposal"},
        "perhaps recalled": {"match": "possible"},
        "perhaps recalled, more to say": {"match": "possible", "recall_do": "unplug it", "recall_remedy": "refund"},
    },
    "feedback": {
        "": {"feedback": "none"},
        "their remedy was carried out": {"feedback": "due", "feedback_id": "7", "feedback_done": "corrected.repair"},
    },
    "safety": {"": {"safety": "none"}, "an own product is recalled": {"safety": "due"}},
    "latest_recalls": {"no recall is known": {"latest": []}, "some are known": {"latest": ["1 kettle", "2 lamp"]}},
    "matter": {
        "nothing found": {"found": "no"},
        "found, a call is due": {**_FOUND, "matter_status": "open", "due_at": _DUE},
        "found, another time is offered": {**_FOUND, "matter_status": "open", "due_at": _DUE, "offer_at": _DUE},
        "found, no call is due": {**_FOUND, "matter_status": "open", "due_at": ""},
        "found, closed": {**_FOUND, "matter_status": "closed", "due_at": ""},
        "found, closed, not asked yet": {
            **_FOUND,
            "matter_status": "closed",
            "due_at": "",
            "ask_satisfaction": "yes",
        },
    },
    "topics": {"there are topics": {"topic_list": ["warranty|Warranty"]}, "there are none": {"topic_list": []}},
    "find_topic": {
        "found": {"topic_match": "sure", "topic_found": "warranty"},
        "perhaps found": {"topic_match": "unsure", "topic_found": "", "topic_list": ["warranty|Warranty"]},
        "nothing is like it": {"topic_match": "unsure", "topic_found": "", "topic_list": []},
    },
    "topic": {"": {"topic_title": "Warranty", "topic_text": "two years"}, "it is gone": {"topic_text": ""}},
    "suspend_charge": {"": {"suspended": "yes", "decide_by": _DUE}},
    "withdraw": {"": {"withdrawn": "yes"}},
    "cancel_contract": {
        "no contract found": {"cancel_answer": "none", "withdraw": "unknown"},
        "a contract found": {"cancel_answer": "one", "contract_tail": "711", "withdraw": "no"},
        "a contract found that can be withdrawn from": {
            "cancel_answer": "one",
            "contract_tail": "711",
            "withdraw": "possible",
            "withdraw_until": "2026-03-10",
        },
    },
    "cancel_period": {
        "inside the period": {"cancel_answer": "possible", "withdraw_until": "2026-03-10"},
        "the period is over": {"cancel_answer": "over"},
    },
    "cancel_withdraw": {"": {"cancel_answer": "done", "withdrawn": "withdrawal.reversal"}},
    "cancel_day": {
        "a day in the coming year": {"cancel_answer": "understood", "end_on": "2026-06-30"},
        "no such day": {"cancel_answer": "no"},
    },
    "cancel_end": {"": {"cancel_answer": "done", "ends": "period", "ends_on": "2026-06-30"}},
    "cancel_address": {
        "an e-mail address is on file": {"cancel_answer": "on_file", "email_start": "M", "email_at": "G"},
        "no e-mail address is on file": {"cancel_answer": "reply"},
        "no number for text messages either": {"cancel_answer": "no_number"},
    },
    "cancel_letter": {"": {"cancel_answer": "done", "receipt": "email"}},
    "cancel_receipt": {"": {"cancel_answer": "done"}},
    "days": {"another day is possible": {"wish_days": ["2026-03-04"]}, "no other day is possible": {"wish_days": []}},
    "move": {
        "moved as wished": {"moved": "wished", "due_at": _DUE, "from_at": _DUE},
        "moved to the nearest time": {"moved": "nearest", "due_at": _DUE, "from_at": _DUE},
        "moved forward": {"moved": "sooner", "due_at": _DUE, "from_at": ""},
        "nothing else is possible": {"moved": "unchanged", "due_at": _DUE, "from_at": ""},
        "the customer is being rung": {"moved": "ringing", "due_at": _DUE, "from_at": ""},
        "nothing is promised": {"moved": "no", "due_at": "", "from_at": ""},
    },
}
"""What is asked → how the answer is called → the answer. The likeliest without anybody in the office comes first."""


@dataclass(frozen=True, slots=True)
class Beginning:
    """How a call begins: what the office knows when it is answered."""

    caller: str  # E.164; "" when withheld
    callable: bool  # whether a call back there may be promised
    consent_mode: str  # as the law of this call demands
    is_open: bool
    flow: str = ""  # in which it begins; "" for the hotline's own
    facts: tuple[tuple[str, Any], ...] = ()  # what else is known

    def known(self) -> dict[str, Any]:
        """The facts as a flow sees them."""
        return {
            "caller": self.caller,
            "caller_callable": "yes" if self.callable else "no",
            "consent_mode": self.consent_mode,
            "open": "yes" if self.is_open else "no",
            **dict(self.facts),
        }

    def describe(self) -> str:
        """What is special about it; "" if nothing."""
        if self.flow:
            by_text = self.flow == ANSWERED_BY_TEXT
            return "they answer our text about a recall" if by_text else "we ring them because of a recall"
        if not self.caller:
            return "the number is withheld"
        return "" if self.callable else "the number calling cannot be called"


def answers(ask: Ask) -> Iterator[Move]:
    """What the office may answer; to what nothing is known of here, one answer with nothing in it."""
    for name, answer in OUTCOMES.get(ask.what, {"": {}}).items():
        kind = {"case_kind": ask.details.get("kind", "")} if ask.what == "open_case" else {}
        yield Move(Sort.OFFICE, "", Heard(How.OUTCOME, outcome={**answer, **kind}), name)


def beginnings(callers: Mapping[str, str]) -> tuple[Beginning, ...]:
    """Every way in which a call may begin.

    Args:
        callers: for each consent mode that the law may demand a number (E.164) from which it does.
    """
    return tuple(
        Beginning(number, may_be_called, mode, is_open)
        for mode, caller in callers.items()
        for number, may_be_called in ((caller, True), (caller, False), ("", False))
        for is_open in (True, False)
    )


_RECALLS: Final = (
    (("match", "exact"), ("recall_id", "7"), ("recall_remedies", ("refund",)), ("recall_home", "yes")),
    (("match", "exact"), ("recall_id", "7"), ("recall_do", "unplug it"), ("recall_remedy", "disposal")),
)


def outreach_beginnings(callers: Mapping[str, str], flows: Collection[str]) -> tuple[Beginning, ...]:
    """Every way in which a call may begin that we place ourselves, and a conversation that answers our text.

    Args:
        callers: as for `beginnings`; here they are who is rung or written to.
        flows: those there are.
    """
    return tuple(
        Beginning(number, True, mode, is_open, flow, facts)
        for flow in (BEGUN_BY_US, ANSWERED_BY_TEXT)
        if flow in flows
        for mode, number in callers.items()
        for is_open in (True, False)
        for facts in _RECALLS
    )
