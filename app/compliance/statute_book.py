"""The jurisdictions whose rules we have, read once from the files beside this one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from functools import cache
from pathlib import Path
from types import MappingProxyType

from app.compliance.law import Law
from app.compliance.law_file import read_law
from app.domain.errors import BadFile, LawUnknown
from app.domain.yaml_source import read_yaml

_FOLDER = Path(__file__).parent / "law"


@cache
def statute_book() -> Mapping[str, Law]:
    """Every jurisdiction's rules, by its name.

    Raises:
        BadFile: with every fault of every file.
    """
    return read_laws(_FOLDER)


def read_laws(folder: Path) -> Mapping[str, Law]:
    """The rules in all files of a folder, by jurisdiction.

    Raises:
        BadFile: with every fault of every file.
    """
    laws: dict[str, Law] = {}
    faults: list[object] = []
    for path in sorted(folder.glob("*.yaml")):
        try:
            law = read_law(path)
        except BadFile as bad:
            faults.extend(bad.faults)
            continue
        if law.jurisdiction != path.stem:
            faults.append(f"{path.name}:1:1: tells of {law.jurisdiction!r}, its name of {path.stem!r}")
        laws[law.jurisdiction] = law
    if faults:
        raise BadFile(faults)
    return MappingProxyType(laws)


def law_of(jurisdiction: str) -> Law:
    """The rules of a jurisdiction.

    Raises:
        LawUnknown: if we have none.
    """
    law = statute_book().get(jurisdiction)
    if law is None:
        raise LawUnknown(jurisdiction, "any rule")
    return law


def place_of(jurisdiction: str, rule: str, since: date) -> str:
    """Where a rule is written, as file and line.

    Args:
        since: the day from which it holds; a rule may have several values over time.

    Example:
        >>> place_of("br-sac", "case_kept", date(2022, 10, 3)).partition(":")[0]
        'app/compliance/law/br-sac.yaml'
    """
    path = _FOLDER / f"{jurisdiction}.yaml"
    entries = read_yaml(path, path.name).entries()[rule].items()
    line = next(each.line for each in entries if each.entries()["since"].text() == since.isoformat())
    return f"app/compliance/law/{path.name}:{line}"


def jurisdictions_for(country: str | None, hotline_jurisdiction: str) -> tuple[str, ...]:
    """Under whose law a customer stands: the hotline's, and besides that of the customer's country if we have it.

    Where two apply the stricter one counts; every rule here takes them all.
    """
    theirs = [name for name, law in statute_book().items() if country in law.countries]
    return tuple(dict.fromkeys([hotline_jurisdiction, *theirs]))
