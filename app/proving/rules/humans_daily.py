"""Humans are there for so many hours on every day as the law of the hotline asks for."""

from __future__ import annotations

from datetime import date, timedelta

from app.domain.hotline import Hotline
from app.proving.human_hours import human_hours
from app.proving.profile import Profile
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Count the hours of every day of this year and the next."""
    return verdict_of(subject.graph.hotline, subject.profile, on=subject.on)


def verdict_of(hotline: Hotline, profile: Profile, *, on: date) -> Verdict:
    """Whether it holds on every day of this year and the next: opening, holidays, days off and staffing together.

    No call needs to be looked at for it, so a change of hours is judged at once.
    """
    least = profile.human_hours
    first, last = date(on.year, 1, 1), date(on.year + 1, 12, 31)
    found = human_hours(hotline, first, last)
    day = min(found, key=lambda each: (found[each], each))
    shortest = f"{found[day] / timedelta(hours=1):g}"
    if found[day] < timedelta(hours=least):
        few = sum(length < timedelta(hours=least) for length in found.values())
        told = f"on {day:%A}, {day.isoformat()}, humans are there for {shortest} hours; {least} are asked for"
        return refuted(f"{told} (and on {few - 1} other days until {last.isoformat()})" if few > 1 else told)
    if not least:
        some = sum(bool(length) for length in found.values())
        return proved(f"no law here asks for humans; they are there on {some} of {len(found)} days from {first} on")
    return proved(f"humans for {shortest} hours or more on every day from {first} to {last}, {least} are asked for")


RULE = Rule(
    "humans-daily",
    "On every day humans are there for as long as the law asks for, holidays and staffing counted in.",
    (
        law("Decreto 11.034/2022, art. 5 I (at least eight hours a day)", DECREE_URL, "br-sac", confirmed=True),
        house("S2"),
    ),
    prove,
)
