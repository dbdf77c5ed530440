"""A cancellation is on record at the key press, whatever is asked afterwards: nobody is talked out of it."""

from __future__ import annotations

from app.proving.on_record import prove_on_record
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law


def prove(subject: Subject) -> Verdict:
    """Between the choice and the record no question may stand, and nothing that would keep the caller."""
    return prove_on_record(subject, "cancellation")


RULE = Rule(
    "cancellation-at-once",
    "Once cancellation was chosen, it is on record before anything else is asked.",
    (
        law("Decreto 11.034/2022, art. 14 (effective at once)", DECREE_URL, "br-sac", confirmed=False),
        law(
            "§ 312k BGB; LG Kiel 14 HKO 42/20, LG Koblenz 11 O 12/23 (a call may be no condition)",
            "https://www.gesetze-im-internet.de/bgb/__312k.html",
            "de",
            confirmed=True,
        ),
        house("no retention, and a callback is no condition"),
    ),
    prove,
    incoming_only=True,
)
