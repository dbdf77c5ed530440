"""Which contract a cancellation is about, and whether it can also be withdrawn from; nothing here delays its effect."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import Any, Final

from app.compliance.whereabouts import whereabouts
from app.compliance.withdrawal import Right, right_of_withdrawal
from app.domain.phone_number import PhoneNumber
from app.ivr.turn import Known
from app.models.cancellation import Cancellation, add_cancellation, cancellation_of, keep_terms
from app.models.case import Case
from app.models.contract import Contract, begun_on, contracts_numbered, contracts_of_phone, terms_of
from app.models.journal import note
from app.services.office import CallAtHand, Details
from app.services.open_case import case_at_hand

WITHDRAWALS: Final = ("reversal", "credit")
_TAIL: Final = 3  # signs of a contract's number that may be told to whoever calls from the customer's number


def at_hand(call: CallAtHand) -> tuple[Case, Cancellation] | None:
    """The cancellation that is spoken about; None if this call cancelled nothing."""
    case = case_at_hand(call)
    if case is None or case.kind != "cancellation":
        return None
    return case, cancellation_of(call.session, case.id) or add_cancellation(call.session, call.vault, case)


def find_contract(call: CallAtHand, details: Details) -> Known:
    """Find the contract by its number, or without one by the number calling, and keep what it says.

    Args:
        details: `given` is the number as it was keyed or said; "": look by the number calling.

    Returns:
        `cancel_answer` (one, several, none), `contract_tail`, `paid_until`, and whether it can be withdrawn from:
        `withdraw` (possible, no, unknown) with `withdraw_until`.
    """
    found = at_hand(call)
    if found is None:
        return {"cancel_answer": "none", "withdraw": "unknown"}
    case, cancellation = found
    given = str(details.get("given") or "")
    contracts = _contracts(call, given)
    if len(contracts) != 1:
        if given:
            _forget(call, cancellation)
            note(call.session, call.vault, case, "contract_named", "customer", call.now, number=given)
        return {"cancel_answer": "several" if contracts else "none", "withdraw": "unknown", "contract_tail": "",
                "paid_until": "", "withdraw_until": "", "ends": cancellation.ends}  # fmt: skip
    return _keep(call, case, cancellation, contracts[0], "number" if given else "caller")


def _contracts(call: CallAtHand, given: str) -> list[Contract]:
    if given:
        return contracts_numbered(call.session, call.vault, call.hotline.name, given)
    return contracts_of_phone(call.session, call.vault, call.hotline.name, call.caller) if call.caller else []


def _forget(call: CallAtHand, cancellation: Cancellation) -> None:
    """Another contract is meant, which is in no book: what was known of the first does not hold for it."""
    keep_terms(call.vault, cancellation, {})
    cancellation.found_by, cancellation.begun_on, cancellation.withdraw_until = "", None, None
    cancellation.withdrawal = cancellation.withdrawn_at = None
    cancellation.is_changed = True


def _keep(call: CallAtHand, case: Case, cancellation: Cancellation, contract: Contract, found_by: str) -> Known:
    _forget(call, cancellation)
    terms = terms_of(call.vault, contract)
    keep_terms(call.vault, cancellation, terms)
    cancellation.found_by = found_by
    cancellation.begun_on = begun_on(terms)
    note(call.session, call.vault, case, "contract_found", "ivr", call.now, number=terms["number"], by=found_by)
    known: dict[str, Any] = {
        "cancel_answer": "one",
        "order": terms["number"],
        "contract_tail": re.sub(r"[^0-9A-Za-z]", "", terms["number"])[-_TAIL:],
        "paid_until": terms.get("paid_until", ""),
        "ends": cancellation.ends,
    }
    if cancellation.begun_on is None and terms.get("goods") != "yes":
        return {**known, "withdraw": "unknown", "withdraw_until": ""}
    return {**known, **_reckon(call, cancellation, cancellation.begun_on)}


def reckon_period(call: CallAtHand, details: Details) -> Known:
    """Whether the contract can be withdrawn from, going by how many days ago the caller says it began.

    Returns:
        `cancel_answer` (possible, over) and `withdraw_until`.
    """
    found = at_hand(call)
    digits = re.sub(r"\D", "", str(details.get("given") or ""))
    if found is None or not digits or len(digits) > _TAIL:
        return {"cancel_answer": "over", "withdraw_until": ""}
    case, cancellation = found
    began = _today(call) - timedelta(days=int(digits))
    cancellation.begun_on = began
    reckoned = _reckon(call, cancellation, began)
    note(call.session, call.vault, case, "contract_began", "customer", call.now, on=began.isoformat())
    is_open = reckoned["withdraw"] == "possible"
    return {"cancel_answer": "possible" if is_open else "over", "withdraw_until": reckoned["withdraw_until"]}


def _reckon(call: CallAtHand, cancellation: Cancellation, began: date | None) -> dict[str, Any]:
    right = _right(call, began)
    cancellation.withdraw_until = right.last_day if right is not None else None
    if right is None or not right.is_open(_today(call)):
        return {"withdraw": "no", "withdraw_until": ""}
    return {"withdraw": "possible", "withdraw_until": right.last_day.isoformat() if right.last_day else ""}


def _right(call: CallAtHand, began: date | None) -> Right | None:
    number = PhoneNumber(call.caller) if call.caller else None
    return right_of_withdrawal(whereabouts(number, call.hotline).jurisdictions, began, today=_today(call))


def _today(call: CallAtHand) -> date:
    return call.now.astimezone(call.hotline.zone).date()


def withdraw_from_contract(call: CallAtHand, details: Details) -> Known:
    """The caller withdraws: the contract ends as if it had never been, and what was paid comes back.

    Args:
        details: `given` is reversal, or credit if the caller chose that.

    Returns:
        `cancel_answer` and `withdrawn`, the prompt that says so.
    """
    found = at_hand(call)
    given = str(details.get("given"))
    if found is None or given not in WITHDRAWALS:
        return {"cancel_answer": "no", "withdrawn": ""}
    case, cancellation = found
    right = _right(call, cancellation.begun_on)
    if right is None or not right.is_open(_today(call)):
        return {"cancel_answer": "no", "withdrawn": ""}
    cancellation.withdrawal, cancellation.withdrawn_at = given, call.now
    cancellation.ends, cancellation.ends_on, cancellation.ends_chosen_at = "at_once", None, None
    cancellation.legal_ref, cancellation.is_changed = right.citation.text, True
    note(call.session, call.vault, case, "withdrawn_from", "customer", call.now, remedy=given, law=right.citation.text)
    return {"cancel_answer": "done", "withdrawn": f"withdrawal.{given}"}
