"""How long entries of the audit trail are kept; the term stands in the file beside."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Final, NamedTuple

from app.compliance.law_file import read_citation
from app.compliance.rule import Citation
from app.domain.errors import BadFile
from app.domain.yaml_source import read_yaml

_FILE: Final = Path(__file__).parent / "audit_kept.yaml"


class AuditTerm(NamedTuple):
    """For how long, and why."""

    years: int  # whole years after the one in which an entry was written
    citation: Citation


@cache
def audit_term() -> AuditTerm:
    """The term of the audit trail.

    Raises:
        BadFile: if the file is faulty.
    """
    root = read_yaml(_FILE, _FILE.name)
    parts = root.entries()
    years = parts["years"].text()
    if not years.isdecimal() or not int(years):
        raise BadFile([parts["years"].fault("a number of years is expected, 1 or more")])
    return AuditTerm(int(years), read_citation(parts["sources"].entries()[parts["source"].text()]))


def audit_place() -> str:
    """Where the term is written, as file and line."""
    return f"app/compliance/{_FILE.name}:{read_yaml(_FILE, _FILE.name).entries()['years'].line}"


def kept_since(now: datetime) -> datetime:
    """Entries that were written before this instant have had their term, by the years of UTC.

    Example:
        >>> kept_since(datetime(2026, 11, 23, tzinfo=UTC)).isoformat()
        '2023-01-01T00:00:00+00:00'
    """
    return datetime(now.astimezone(UTC).year - audit_term().years, 1, 1, tzinfo=UTC)
