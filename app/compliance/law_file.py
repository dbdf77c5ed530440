"""Reads one jurisdiction's file; every fault of it is reported with its place."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path
from typing import Final

from app.compliance.law import Caps, ConsentMode, KeptDays, KeptYears, Law, Period, Week
from app.compliance.rule import Citation, Dated, InForce, Value
from app.domain.business_hours import knows_holidays
from app.domain.errors import BadFile
from app.domain.hotline import Hours
from app.domain.yaml_source import Node, read_yaml

_HOURS = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])-([01][0-9]|2[0-3]):([0-5][0-9])", re.ASCII)
_DAYS_OF_WEEK: Final = ("weekdays", "saturday", "sunday", "holiday", "unknown_zone")
_KEYS: Final = (
    "jurisdiction",
    "countries",
    "holidays",
    "sources",
    "recording_consent",
    "calling_hours",
    *Period,
    "recording_kept",
    "case_kept",
    "attempts",
)


def read_law(path: Path) -> Law:
    """The rules in a file.

    Raises:
        BadFile: with every fault in it.
    """
    root = read_yaml(path, path.name)
    return _Reader(root).law()


class _Reader:
    """Reads on after a fault, so that all are told at once."""

    def __init__(self, root: Node) -> None:
        self._root = root
        self._faults: list[object] = list(root.unknown_keys(_KEYS))
        self._sources: dict[str, Citation] = {}

    def law(self) -> Law:
        try:
            law = self._law()
        except BadFile as bad:
            self._faults.extend(bad.faults)
            raise BadFile(list(dict.fromkeys(self._faults))) from bad
        if self._faults:
            raise BadFile(list(dict.fromkeys(self._faults)))
        return law

    def _law(self) -> Law:
        for name, node in self._at("sources").entries().items():
            citation = self._try(node, read_citation)
            if citation is not None:
                self._sources[name] = citation
        return Law(
            jurisdiction=self._at("jurisdiction").text(),
            countries=frozenset(node.text() for node in self._at("countries").items()),
            holidays=self._try(self._at("holidays"), _holidays),
            sources=self._sources,
            recording_consent=self._dated("recording_consent", ("mode",), _mode),
            calling_hours={kind: self._hours(kind) for kind in self._kinds_of_call()},
            periods={period: self._dated(period, ("days",), lambda node: _whole(node, "days")) for period in Period},
            recording_kept=self._dated("recording_kept", ("at_least_days", "at_most_days"), _kept_days),
            case_kept=self._dated("case_kept", ("at_least_years",), _kept_years),
            attempts=self._dated("attempts", ("per_day", "per_week"), _caps),
        )

    def _at(self, key: str) -> Node:
        return _get(self._root, key)

    def _try(self, node: Node, read: Callable[[Node], Value]) -> Value | None:
        try:
            return read(node)
        except BadFile as bad:
            self._faults.extend(bad.faults)
            return None

    def _kinds_of_call(self) -> list[str]:
        return sorted({_get(node, "kind").text() for node in self._at("calling_hours").items()})

    def _hours(self, kind: str) -> Dated[Week]:
        return self._dated("calling_hours", ("kind", *_DAYS_OF_WEEK), _week, kind)

    def _dated(
        self, rule: str, own_keys: tuple[str, ...], read: Callable[[Node], Value], kind: str | None = None
    ) -> Dated[Value]:
        entries: list[InForce[Value]] = []
        for node in self._at(rule).items():
            if kind is not None and _get(node, "kind").text() != kind:
                continue
            self._faults.extend(node.unknown_keys(("since", "source", *own_keys)))
            since = self._try(node, _since)
            value = self._try(node, read)
            citation = self._try(node, self._source)
            if since is None or value is None or citation is None:
                continue
            if entries and since <= entries[-1].since:
                self._faults.append(_get(node, "since").fault("must be later than the entry above"))
            entries.append(InForce(since, value, citation))
        return Dated(tuple(entries))

    def _source(self, node: Node) -> Citation:
        name = _get(node, "source")
        if name.text() not in self._sources:
            raise BadFile([name.fault(f"no source {name.text()!r}; known are {', '.join(sorted(self._sources))}")])
        return self._sources[name.text()]


def _get(node: Node, key: str) -> Node:
    found = node.entries().get(key)
    if found is None:
        raise BadFile([node.fault(f"{key!r} is missing")])
    return found


def _since(node: Node) -> date:
    return _day(_get(node, "since"))


def _day(node: Node) -> date:
    try:
        return date.fromisoformat(node.text())
    except ValueError:
        raise BadFile([node.fault(f"expected a day such as 2026-03-02, not {node.text()!r}")]) from None


def read_citation(node: Node) -> Citation:
    """The source that stands at this place.

    Raises:
        BadFile: if it is not written as one.
    """
    unknown = node.unknown_keys(("text", "url", "read_on", "confirmed"))
    if unknown:
        raise BadFile(unknown)
    confirmed = _get(node, "confirmed")
    if confirmed.text() not in ("yes", "no"):
        raise BadFile([confirmed.fault("expected yes or no")])
    url = node.entries()["url"].text() if "url" in node.entries() else ""
    return Citation(_get(node, "text").text(), url, _day(_get(node, "read_on")), confirmed.text() == "yes")


def _holidays(node: Node) -> str | None:
    if node.text() == "none":
        return None
    if not knows_holidays(node.text()):
        raise BadFile([node.fault(f"the holidays of {node.text()!r} are not known")])
    return node.text()


def _mode(node: Node) -> ConsentMode:
    mode = _get(node, "mode")
    if mode.text() not in list(ConsentMode):
        raise BadFile([mode.fault(f"expected one of {', '.join(ConsentMode)}")])
    return ConsentMode(mode.text())


def _week(node: Node) -> Week:
    return Week(**{name: _hours(_get(node, name)) for name in _DAYS_OF_WEEK})


def _hours(node: Node) -> Hours:
    if node.text() == "none":
        return ()
    found = _HOURS.fullmatch(node.text())
    if found is None:
        raise BadFile([node.fault(f"expected hours such as 08:00-20:00, or none, not {node.text()!r}")])
    opens, minute, closes, last_minute = (int(part) for part in found.groups())
    if (opens, minute) >= (closes, last_minute):
        raise BadFile([node.fault("must end later than it begins")])
    return ((time(opens, minute), time(closes, last_minute)),)


def _whole(node: Node, key: str) -> int:
    number = _get(node, key)
    if not (number.text().isascii() and number.text().isdecimal()):
        raise BadFile([number.fault(f"expected a whole number, not {number.text()!r}")])
    return int(number.text())


def _kept_days(node: Node) -> KeptDays:
    kept = KeptDays(_whole(node, "at_least_days"), _whole(node, "at_most_days"))
    if kept.at_most < kept.at_least:
        raise BadFile([_get(node, "at_most_days").fault("is less than at_least_days")])
    return kept


def _kept_years(node: Node) -> KeptYears:
    return KeptYears(_whole(node, "at_least_years"))


def _caps(node: Node) -> Caps:
    return Caps(_whole(node, "per_day"), _whole(node, "per_week"))
