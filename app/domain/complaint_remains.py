"""What stays of a complaint record when its person is erased: numbers, dates and verdicts, nothing that was told."""

from __future__ import annotations

from typing import Final

from app.domain.complaint import ComplaintRecord, fact_of

REMAINS: Final = (
    "receipt.protocol", "receipt.received_at", "receipt.received_on", "receipt.timezone", "receipt.channel",
    "receipt.language", "receipt.hotline", "receipt.received_by", "matter.company", "matter.demand_type",
    "matter.kinds", "matter.undue_charge", "matter.charge_suspended_at", "assessment.severity",
    "assessment.acknowledged_at", "assessment.regret_said", "assessment.process_explained", "assessment.promised_at",
    "assessment.promise_kept_at", "assessment.jurisdiction", "assessment.legal_due_at", "assessment.legal_ref",
    "assessment.owner", "outcome.status", "outcome.outcome", "outcome.decided_at", "outcome.communicated_at",
    "outcome.timely", "outcome.escalation_offered", "outcome.closed_at",
)  # fmt: skip
"""The facts that tell how the office did, and nothing about the customer."""


def remains_of(record: ComplaintRecord) -> ComplaintRecord:
    """The record without its person."""
    return ComplaintRecord().with_facts({name: fact_of(record, name) for name in REMAINS})
