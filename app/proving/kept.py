"""Verdicts are kept by what they were proved of, so that a process that starts again need not prove again."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Final

from app.domain.hotline import Hotline
from app.ivr.flow import FlowSet
from app.proving.profile import profile_of
from app.proving.prompt_classes import load_classes
from app.proving.prove import consent_modes, prove_all
from app.proving.rule import SpokenWords
from app.proving.rules import humans_daily

_APP: Final = Path(__file__).parent.parent
_PROVERS: Final = ("domain", "ivr", "compliance", "proving")
"""The parts of the program on which a verdict depends."""

_in_this_process: dict[str, list[dict[str, Any]]] = {}


def kept_reports(
    flows: FlowSet, words: SpokenWords, hotlines: Iterable[Hotline], *, folder: Path, kept_in: Path, on: date
) -> list[dict[str, Any]]:
    """The reports of all hotlines as JSON values, proved now or at an earlier start.

    Args:
        folder: where the flows lie.
        kept_in: where verdicts are kept; a folder that cannot be written to is passed over.
        on: the day whose law counts.

    Raises:
        BadFile: if the classes of the prompts cannot be read.
        LawUnknown: if a hotline stands under a law that we do not have.
    """
    in_force = tuple(hotlines)
    lines = tuple(replace(hotline, weeks=(), days={}) for hotline in in_force)
    key = _key(folder, lines, on)
    if key not in _in_this_process:
        file = kept_in / f"{key}.json"
        found = _read(file)
        if found is None:
            reports = prove_all(flows, words, load_classes(folder), lines, on=on)
            found = [report.to_json() for report in reports]
            with suppress(OSError):
                _write(file, found)
        _in_this_process[key] = found
    named = {hotline.name: hotline for hotline in in_force}
    return [_with_hours(report, named[report["hotline"]], on) for report in _in_this_process[key]]


def _with_hours(report: dict[str, Any], hotline: Hotline, on: date) -> dict[str, Any]:
    """The report with what was changed by page counted in: nothing but the hours of humans depends on it."""
    if not hotline.weeks and not hotline.days:
        return report
    verdict = humans_daily.verdict_of(hotline, profile_of(hotline.jurisdiction), on=on)
    told = {"proved": verdict.proved, "evidence": verdict.evidence}
    rules = [{**each, **told} if each["rule"] == humans_daily.RULE.name else each for each in report["rules"]]
    return {**report, "rules": rules, "proved": all(each["proved"] for each in rules)}


def refutations(reports: Iterable[dict[str, Any]]) -> list[str]:
    """A line for each rule that does not hold, with the keys that show it; none if all flows are lawful."""
    return [
        f"{report['hotline']}: {each['rule']} is refuted: {each['evidence']}{_keys(each['counter_example'])}"
        for report in reports
        for each in report["rules"]
        if not each["proved"]
    ]


def _keys(example: dict[str, Any] | None) -> str:
    return "" if example is None else f"; {example['keys']}; {example['replay']}"


def _key(folder: Path, hotlines: tuple[Hotline, ...], on: date) -> str:
    digest = hashlib.sha256()
    sources = [(folder, path) for path in sorted(folder.rglob("*.yaml"))]
    for part in _PROVERS:
        sources += [(_APP, path) for path in sorted((_APP / part).rglob("*")) if path.suffix in (".py", ".yaml")]
    for root, path in sources:
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes() + b"\0")
    for hotline in hotlines:
        # A set comes in another order in every process.
        days = sorted(hotline.closed_on)
        hotline = replace(hotline, closed_on=frozenset())
        digest.update(f"{hotline!r} {days} {consent_modes(hotline, on=on)} {on.year}\0".encode())
    return digest.hexdigest()[:32]


def _read(file: Path) -> list[dict[str, Any]] | None:
    try:
        reports: list[dict[str, Any]] = json.loads(file.read_text("utf-8"))
    except (OSError, ValueError):
        return None
    return reports


def _write(file: Path, reports: list[dict[str, Any]]) -> None:
    file.parent.mkdir(parents=True, exist_ok=True)
    # Several processes may start at once: whoever is last puts the same there.
    fresh = file.with_suffix(f".{id(reports)}.new")
    fresh.write_text(json.dumps(reports), "utf-8")
    fresh.replace(file)
