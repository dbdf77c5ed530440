"""Which service answers what a flow asks of the office."""

from __future__ import annotations

from app.services.ask_satisfaction import rate
from app.services.cancel_contract import find_contract, reckon_period, withdraw_from_contract
from app.services.choose_end import choose_end, understand_day
from app.services.confirm_cancellation import find_address, order_letter, receipt_in_call
from app.services.feedback_in_call import due_feedback
from app.services.join_queue import find_human
from app.services.move_promise import move_promise, offer_days
from app.services.office import Answer
from app.services.open_case import find_matter, open_case
from app.services.promise_callback import promise_callback, withdraw_promise
from app.services.recall_in_call import answer_recall, due_notice, tell_latest
from app.services.suspend_charge import suspend_in_call
from app.services.tell_hours import tell_hours
from app.services.tell_topics import find_topic, list_topics, tell_topic

ANSWERS: dict[str, Answer] = {
    "open_case": open_case,
    "promise": promise_callback,
    "human": find_human,
    "recall": answer_recall,
    "safety": due_notice,
    "feedback": due_feedback,
    "latest_recalls": tell_latest,
    "matter": find_matter,
    "withdraw": withdraw_promise,
    "rate": rate,
    "suspend_charge": suspend_in_call,
    "days": offer_days,
    "move": move_promise,
    "hours": tell_hours,
    "topics": list_topics,
    "find_topic": find_topic,
    "topic": tell_topic,
    "cancel_contract": find_contract,
    "cancel_period": reckon_period,
    "cancel_withdraw": withdraw_from_contract,
    "cancel_day": understand_day,
    "cancel_end": choose_end,
    "cancel_address": find_address,
    "cancel_letter": order_letter,
    "cancel_receipt": receipt_in_call,
}
