"""Once "complaint" was chosen, every call ends with a complaint on record, however it ends."""

from __future__ import annotations

from app.proving.on_record import choices_of, off_record
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted


def prove(subject: Subject) -> Verdict:
    """The caller may hang up wherever the call waits, so the record must be there before the next wait."""
    choices = choices_of(subject.graph, "complaint")
    if not choices:
        return refuted("nowhere can a complaint be chosen")
    found = off_record(subject.graph, "complaint")
    if found is not None:
        return refuted(f"complaint was chosen, and at {found[1].node} none is on record", found)
    return proved(f"all {len(choices)} choices of a complaint put it on record before the call waits again")


RULE = Rule(
    "complaint-kept",
    "Once complaint was chosen, every end of the call leaves a recorded complaint.",
    (
        law("Decreto 11.034/2022, art. 12 (a record to follow the demand by)", DECREE_URL, "br-sac", confirmed=True),
        house("T4: no complaint is refused"),
    ),
    prove,
)
