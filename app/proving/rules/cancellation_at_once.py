"""A cancellation is on record at the key press, whatever is asked afterwards: nobody is talked out of it."""

from __future__ import annotations

from app.proving.on_record import choices_of, off_record
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Between the choice and the record no question may stand, and nothing that would keep the caller."""
    choices = choices_of(subject.graph, "cancellation")
    if not choices:
        return refuted("nowhere can a cancellation be chosen")
    found = off_record(subject.graph, "cancellation")
    if found is not None:
        return refuted(f"cancellation was chosen, and at {found[1].node} none is on record", found)
    return proved(f"all {len(choices)} choices of a cancellation put it on record before anything else is asked")


RULE = Rule(
    "cancellation-at-once",
    "Once cancellation was chosen, it is on record before anything else is asked.",
    (
        law("Decreto 11.034/2022, art. 14 (effective at once)", DECREE_URL, "br-sac", confirmed=True),
        house("no retention, and a callback is no condition"),
    ),
    prove,
)
