"""Once "complaint" was chosen, every call ends with a complaint on record, however it ends."""

from __future__ import annotations

from app.proving.on_record import prove_on_record
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law


def prove(subject: Subject) -> Verdict:
    """The caller may hang up wherever the call waits, so the record must be there before the next wait."""
    return prove_on_record(subject, "complaint")


RULE = Rule(
    "complaint-kept",
    "Once complaint was chosen, every end of the call leaves a recorded complaint.",
    (
        law("Decreto 11.034/2022, art. 12 (a record to follow the demand by)", DECREE_URL, "br-sac", confirmed=True),
        house("T4: no complaint is refused"),
    ),
    prove,
    incoming_only=True,
)
