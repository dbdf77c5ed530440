"""What may be told to an answering machine when we ring because of a recall; the rules stand in the file beside."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path
from typing import Final

from app.compliance.law_file import read_citation
from app.compliance.rule import Citation, Verdict
from app.domain.errors import BadFile
from app.domain.yaml_source import Node, read_yaml

_FILE: Final = Path(__file__).parent / "machine_message.yaml"
_SAYS: Final = ("company", "notice")


def may_tell_machine(jurisdictions: Iterable[str]) -> Verdict:
    """Whether a machine may be told of the danger; otherwise only who rang, and the number to call back.

    Every jurisdiction must allow it. Fails closed: one that is not known, or none at all, means no.
    """
    verdict = Verdict(False, "no jurisdiction is known", None)
    for name in jurisdictions:
        found = _rules().get(name)
        if found is None:
            return Verdict(False, f"nothing is known about machines in {name}", None)
        says, citation = found
        verdict = Verdict(says == "notice", f"{name}: a machine is told {says}", citation)
        if not verdict.allowed:
            return verdict
    return verdict


@cache
def _rules() -> Mapping[str, tuple[str, Citation]]:
    """What each jurisdiction lets be said, and where that stands.

    Raises:
        BadFile: if the file is faulty.
    """
    parts = read_yaml(_FILE, _FILE.name).entries()
    sources = {name: read_citation(node) for name, node in parts["sources"].entries().items()}
    return {name: _rule(node, sources) for name, node in parts["jurisdictions"].entries().items()}


def _rule(node: Node, sources: Mapping[str, Citation]) -> tuple[str, Citation]:
    entries = node.entries()
    faults = node.unknown_keys(("says", "source"))
    faults += [node.fault(f"{name!r} is missing") for name in ("says", "source") if name not in entries]
    if not faults and entries["says"].text() not in _SAYS:
        faults.append(entries["says"].fault(f"expected one of {', '.join(_SAYS)}"))
    if not faults and entries["source"].text() not in sources:
        faults.append(entries["source"].fault(f"no source {entries['source'].text()!r}"))
    if faults:
        raise BadFile(faults)
    return entries["says"].text(), sources[entries["source"].text()]
