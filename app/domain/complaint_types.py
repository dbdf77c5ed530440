"""The types of a complaint record's fields, and `fact`, which declares one with all that is to be said about it."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any, Final, TypeAlias

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints

_LANGUAGE: Final = r"^[A-Za-z]{2,3}(-[A-Za-z]{4})?(-([A-Za-z]{2}|[0-9]{3}))?(-[A-Za-z0-9]{5,8})*$"


class Need(StrEnum):
    """When a field has to be known."""

    REQUIRED = "required"  # at registration; counts in the completeness
    DERIVED = "derived"  # the system fills it in
    CLOSING = "closing"  # before the matter is closed
    OPTIONAL = "optional"


def _canonical_language(tag: str) -> str:
    """The tag with the usual capitals: ``pt-br`` becomes ``pt-BR``."""
    first, *others = tag.split("-")
    capitals = {2: str.upper, 4: str.title}
    return "-".join([first.lower(), *(capitals.get(len(part), str.lower)(part) for part in others)])


def _in_utc(instant: datetime) -> datetime:
    return instant.astimezone(UTC)


Text: TypeAlias = Annotated[str, StringConstraints(min_length=1)]
Instant: TypeAlias = Annotated[AwareDatetime, AfterValidator(_in_utc)]
E164: TypeAlias = Annotated[str, StringConstraints(pattern=r"^\+[1-9][0-9]{1,14}$")]
Email: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[^@\s]+@[^@\s]+$", max_length=254)]
Language: TypeAlias = Annotated[str, StringConstraints(pattern=_LANGUAGE), AfterValidator(_canonical_language)]
Currency: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-Z]{3}$")]
Digits: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[0-9]+$")]
Vin: TypeAlias = Annotated[str, StringConstraints(pattern=r"^[A-HJ-NPR-Z0-9]{17}$", to_upper=True)]
Cents: TypeAlias = Annotated[int, Field(ge=0)]


class Group(BaseModel):
    """One group of fields; every field may be unknown, which is None or an empty list."""

    model_config = ConfigDict(frozen=True, extra="forbid", allow_inf_nan=False)


def fact(
    number: int,
    need: Need,
    description: str,
    *,
    iso: str | None = None,
    cfpb: str | None = None,
    unit: str | None = None,
    many: bool = False,
) -> Any:
    """Declare a field of the record.

    Args:
        number: the row of the recommended scheme it belongs to.
        need: when it has to be known.
        description: what it means, and what unknown means where that is not plain.
        iso: its place in the complainant's (C) or follow-up (F) form of ISO 10002; None if it has none.
        cfpb: the field of the CFPB's complaint database that holds the same; None if there is none.
        unit: unit, zone or standard of the value.
        many: whether it is a list, empty while nothing is known.
    """
    notes: dict[str, Any] = {"x-row": number, "x-need": need.value}
    notes |= {f"x-{name}": value for name, value in (("iso-10002", iso), ("cfpb", cfpb), ("unit", unit)) if value}
    if many:
        return Field(default=(), description=description, json_schema_extra=notes)
    return Field(default=None, description=description, json_schema_extra=notes)
