"""From what a call's flow knows to the complaint record. Pure; what does not fit is left out, nothing fails (T4)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, Final

from pydantic import ValidationError

from app.domain.complaint import ComplaintRecord
from app.domain.complaint_terms import ComplaintKind, ConsentStatus, DemandType, Severity
from app.domain.gtin import GtinCheck, read_gtin

Facts = dict[str, Any]

_PLAIN: Final[Mapping[str, str]] = {
    "hotline": "receipt.hotline",
    "company": "matter.company",
    "jurisdiction": "assessment.jurisdiction",
    "product": "matter.product",
    "issue": "matter.issue",
    "story": "receipt.recording_ref",
    "story_text": "matter.narrative",
    "story_seconds": "receipt.recording_seconds",
    "remedy": "matter.remedy_requested",
    "order": "matter.contract_or_order_no",
    "contact_time": "complainant.contact_time",
    "due_at": "assessment.promised_at",
    "regret_said": "assessment.regret_said",
    "process_explained": "assessment.process_explained",
}


def fold_known(record: ComplaintRecord, known: Mapping[str, Any], *, at: datetime) -> ComplaintRecord:
    """The record with all that the flow knows put in its place.

    What is unknown or empty in `known` changes nothing, so folding again, or folding later and more, is harmless.

    Args:
        known: the flow's answers by their `save` names, as in `Position.known`.
        at: the instant of the turn, for the times a flow does not tell.
    """
    facts: Facts = {}
    for name, value in known.items():
        if value in (None, "", []):
            continue
        if name in _PLAIN:
            facts[_PLAIN[name]] = _yes_no(value) if name.endswith(("_said", "_explained")) else value
        elif name in _SPECIAL:
            facts.update(_SPECIAL[name](record, value, at))
    facts.update(_number_to_call(record, known))
    facts.update(_recall_match(known))
    if known.get("promised") == "no":
        facts.pop("assessment.promised_at", None)
    return _set_what_fits(record, {name: value for name, value in facts.items() if value is not None})


def _yes_no(value: Any) -> bool | None:
    if value in ("yes", "no"):
        return bool(value == "yes")
    return value if isinstance(value, bool) else None


_OF_ONE_CASE: Final = frozenset({"protocol", "case_kind", "due_at", "promised", "answer_by", "matter_status"})


def known_about(protocol: str, known: Mapping[str, Any]) -> Mapping[str, Any]:
    """What the flow knows about the case with this protocol number.

    A caller may ask about another matter in the same call; its number, kind and deadline then stand in `known` and must
    not get into this case's record.
    """
    if known.get("protocol") == protocol:
        return known
    return {name: value for name, value in known.items() if name not in _OF_ONE_CASE}


def _set_what_fits(record: ComplaintRecord, facts: Facts) -> ComplaintRecord:
    try:
        return record.with_facts(facts)
    except ValidationError:
        pass
    for name, value in facts.items():
        try:
            record = record.with_facts({name: value})
        except ValidationError:
            continue
    return record


def _number_to_call(record: ComplaintRecord, known: Mapping[str, Any]) -> Facts:
    """The number the caller keyed, else the one the call came from."""
    if number := known.get("phone"):
        return {"complainant.phone": number}
    if known.get("caller") and record.complainant.phone is None:
        return {"complainant.phone": known["caller"]}
    return {}


def _recall_match(known: Mapping[str, Any]) -> Facts:
    if not known.get("match"):
        return {}
    return {"matter.recall_match": {"certainty": known["match"], "recall_number": known.get("recall_number") or None}}


def _consent(record: ComplaintRecord, value: Any, at: datetime) -> Facts:
    before = record.receipt.recording_consent
    if before is not None and before.status == value:
        return {}
    if value not in tuple(ConsentStatus):
        return {}
    method = "announcement" if value == ConsentStatus.ANNOUNCED else "call"
    answered = None if value in (ConsentStatus.ANNOUNCED, ConsentStatus.NOT_ASKED) else at
    asked = before.asked_at if before is not None and before.asked_at else at
    return {
        "receipt.recording_consent": {"status": value, "method": method, "asked_at": asked, "answered_at": answered}
    }


def _kinds(record: ComplaintRecord, value: Any, _at: datetime) -> Facts:
    heard = value if isinstance(value, list | tuple) else [value]
    kinds = [kind for kind in ComplaintKind if kind in heard or kind in record.matter.kinds]
    return {"matter.kinds": kinds} if kinds else {}


def _about(_record: ComplaintRecord, value: Any, _at: datetime) -> Facts:
    """A charge is for a service, whatever it is for; that it is called undue is a fact of its own (S6)."""
    return {"matter.about": "service", "matter.undue_charge": True} if value == "charge" else {"matter.about": value}


def _model(_record: ComplaintRecord, value: Any, _at: datetime) -> Facts:
    """What was keyed or said as a model; a bar code's number is one too, and then also the GTIN."""
    code = read_gtin(str(value))
    is_code = code is not None and code.check is GtinCheck.VALID
    return {"matter.model": str(value)} | ({"matter.gtin": str(value)} if is_code else {})


def _hurt(_record: ComplaintRecord, value: Any, _at: datetime) -> Facts:
    injury = _yes_no(value)
    if injury is None:
        return {}
    return {"matter.injury": injury} | ({"assessment.severity": Severity.SAFETY} if injury else {})


def _case_kind(_record: ComplaintRecord, value: Any, _at: datetime) -> Facts:
    return {"matter.demand_type": value} if value in tuple(DemandType) else {}


def _acknowledged(record: ComplaintRecord, value: Any, at: datetime) -> Facts:
    """The number is told together with the news that the complaint is accepted (T6)."""
    first = record.assessment.acknowledged_at is None
    return {"receipt.protocol": value} | ({"assessment.acknowledged_at": at} if first else {})


_SPECIAL: Final[Mapping[str, Callable[[ComplaintRecord, Any, datetime], Facts]]] = {
    "about": _about,
    "consent": _consent,
    "kinds": _kinds,
    "model": _model,
    "hurt": _hurt,
    "case_kind": _case_kind,
    "protocol": _acknowledged,
}
