"""The table of the complaint record's fields, written from the model; docs/complaint-record.md holds it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from pydantic.fields import FieldInfo

from app.domain.complaint import PATH, WANTED, ComplaintRecord

_HEAD: Final = (
    "| # | field | need | meaning | unit or standard | ISO 10002 form | CFPB field |\n|---|---|---|---|---|---|---|"
)
_GROUPS: Final = ("receipt", "complainant", "matter", "assessment", "outcome")


def fields_of_group(group: str) -> Iterator[tuple[str, FieldInfo]]:
    """The name and the declaration of every field of a group, in order."""
    model = ComplaintRecord.model_fields[group].annotation
    assert model is not None
    yield from model.model_fields.items()


def notes_of(field: FieldInfo) -> dict[str, Any]:
    """What `fact` noted beside a field: x-row, x-need, x-iso-10002, x-cfpb, x-unit."""
    return dict(field.json_schema_extra) if isinstance(field.json_schema_extra, dict) else {}


def cfpb_fields() -> dict[str, str]:
    """For every CFPB field that the scheme maps: the dotted name of ours."""
    return {
        notes["x-cfpb"]: f"{group}.{name}"
        for group in _GROUPS
        for name, field in fields_of_group(group)
        if "x-cfpb" in (notes := notes_of(field))
    }


def markdown() -> str:
    """The fields, their mappings and the weights of the completeness, as Markdown."""
    parts = [_INTRODUCTION]
    for group in _GROUPS:
        parts += [f"## {ComplaintRecord.model_fields[group].description}\n\nIn JSON: `{group}`.\n", _HEAD]
        parts += [_line(name, field) for name, field in fields_of_group(group)]
        parts.append("")
    parts += ["## Source\n", "| field | meaning |\n|---|---|"]
    parts += [
        f"| `{name}` | {field.description} |"
        for name, field in ComplaintRecord.model_fields.items()
        if name not in _GROUPS
    ]
    parts += [_COMPLETENESS, "| percent | any one of |\n|---|---|"]
    parts += [f"| {wanted.weight} | {', '.join(f'`{name}`' for name in wanted.fields)} |" for wanted in WANTED]
    return "\n".join(parts) + "\n"


def _line(name: str, field: FieldInfo) -> str:
    notes = notes_of(field)
    cfpb = f"`{notes['x-cfpb']}`" if "x-cfpb" in notes else ""
    cells = (notes["x-row"], f"`{name}`", notes["x-need"], field.description, notes.get("x-unit", ""),
             notes.get("x-iso-10002", ""), cfpb)  # fmt: skip
    return "| " + " | ".join(str(cell) for cell in cells) + " |"


_INTRODUCTION: Final = f"""# The complaint record, scheme "complaint-1"

One record for every complaint, cancellation and recall enquiry, whatever channel it came by. This page is written
from the model (`scripts/hotline complaints scheme --markdown`), a test compares. The same as JSON Schema: `{PATH}`.

- **need**: *required* at registration (and missing parts lower the completeness; they never stop a registration),
  *derived* by the system, required for *closing*, or *optional*.
- **ISO 10002 form**: place in the complainant's form (C, with the number of its section) or in the follow-up form (F)
  of ISO 10002:2018, paraphrased.
- **CFPB field**: field of the Consumer Complaint Database of the US Consumer Financial Protection Bureau with the
  same meaning. `consumer_consent_provided` is the consent to publish the consumer's words. It is no consent to being
  recorded, so it maps to `publication_consent` and never to `recording_consent`.
- Unknown facts are null (or an empty list). Times are RFC 3339 in UTC, days are local calendar days.
"""

_COMPLETENESS: Final = """
## Completeness

The share of these facts that is known, by weight. The danger to people (`matter.injury`) counts as known where the
matter is about a service. A fact that is added never lowers the figure.
"""
