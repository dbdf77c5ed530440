"""A recall's progress as a document for programs: named values in JSON, rows in CSV; None is what nobody knows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from app.analytics.recall_progress import Incidents, RecallProgress

COLUMNS: Final = ("part", "name", "value")


def document_of(progress: RecallProgress) -> dict[str, Any]:
    """All figures; rates are from 0 to 1, days are local, instants UTC."""
    people = progress.people
    return {
        "recall": {"number": progress.recall.number, "title": progress.recall.title},
        "period": {
            "from": progress.span.first.isoformat(),
            "to": progress.span.last.isoformat(),
            "zone": str(progress.span.zone),
        },
        "first_notice_at": progress.first_notice_at.isoformat() if progress.first_notice_at else None,
        "units": {
            each.level: {"affected": each.units, "corrected_in_period": each.in_span, "corrected_in_all": each.in_all}
            for each in progress.levels
        },
        "units_in_all": {
            "affected": progress.units,
            "corrected": progress.corrected,
            "open": progress.open_units,
            "correction_rate": _rate(progress.correction_rate),
            **{f"by_{how}": units for how, units in sorted(progress.corrections.items())},
        },
        "people": {
            "known": len(people.known),
            "reached": len(people.reached),
            "reach_rate": _rate(people.reach),
            "answered": len(people.answered),
            "response_rate": _rate(people.response),
            "remedy_chosen": len(people.chosen),
            "helped": len(people.helped),
            "helped_rate": _rate(people.helped_rate),
            "not_reached": len(people.known - people.reached),
            "not_answered": len(people.reached - people.answered),
            "waiting_for_remedy": people.waiting,
            "days_to_remedy": _rate(progress.days_to_remedy),
        },
        "incidents_before_the_notice": _incidents(progress.before),
        "incidents_after_the_notice": _incidents(progress.after),
        "incidents_after_the_notice_in_all": _incidents(progress.after_in_all),
        "consumers_notified": dict(sorted(progress.notified.items())),
        "consumers_who_contacted_us": dict(sorted(progress.contacted_us.items())),
        "feedback": dict(progress.feedback),
        "waves": [
            {
                "campaign": each.campaign, "wave": each.number, "medium": each.medium, "contacts": each.contacts,
                "reached": each.reached, "answered": each.answered, "helped": each.helped,
            }
            for each in progress.waves
        ],
        "notices": [
            {
                "sent_at": each.sent_at.isoformat(), "addressee": each.addressee, "name": each.name,
                "medium": each.medium, "number": each.number, "words": each.words,
            }
            for each in progress.notices
        ],
        "evaluation": progress.evaluation.words if progress.evaluation else None,
    }  # fmt: skip


def rows_of(document: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The same as rows: the part of the document, the name of the value, the value."""
    for part, content in document.items():
        yield from ({"part": part, "name": name, "value": value} for name, value in _flat("", content))


def _flat(name: str, content: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(content, dict):
        for key, value in content.items():
            yield from _flat(f"{name}.{key}" if name else str(key), value)
    elif isinstance(content, list):
        for number, value in enumerate(content, start=1):
            yield from _flat(f"{name}.{number}" if name else str(number), value)
    else:
        yield name, content


def _incidents(found: Incidents) -> dict[str, int]:
    return {"incidents": found.incidents, "injuries": found.injuries, "deaths": found.deaths}


def _rate(value: float | None) -> float | None:
    return None if value is None else round(value, 4)
