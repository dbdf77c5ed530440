"""How one language says numbers, times and days: data, read from the `spoken` part of its prompts file.

Names of days and months come from CLDR (Babel) unless the file gives its own, as it must where the words around
them ask for another case than the nominative.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from babel import Locale, UnknownLocaleError

from app.domain.errors import BadFile
from app.domain.yaml_source import Fault, Node

DAYS_OF_WEEK = 7
MONTHS = 12
_PLACEHOLDER = re.compile(r"\{([a-z0-9_]+)\}")
_PLURALS = ("zero", "one", "two", "few", "many", "other")
_PATTERNS: Mapping[str, tuple[str, ...]] = {
    "whole_hour": ("hour", "half"),
    "hour_and_minute": ("hour", "minute", "mm", "half"),
    "date": ("day", "month"),
    "date_with_year": ("day", "month", "year"),
    "today": ("time", "at"),
    "tomorrow": ("time", "at"),
    "another_day": ("weekday", "date", "time", "at"),
    "in_zone": ("when", "city"),
    "written_time": ("h", "hh", "h12", "mm", "half"),
    "written_date": ("d", "month"),
    "written_date_with_year": ("d", "month", "year"),
    "written_deadline": ("weekday", "date", "time"),
}


@dataclass(frozen=True, slots=True)
class Counted:
    """Something that is counted: the numbers that have a word of their own, and a form for each plural."""

    own_words: Mapping[int, str]
    forms: Mapping[str, str]  # by CLDR plural category; each holds {n} unless the number is part of the word


@dataclass(frozen=True, slots=True)
class SpokenForms:
    """Everything that `app.ivr.spoken` and `app.ivr.written` must know of a language."""

    locale: Locale
    plural: Callable[[int], str]
    weekdays: tuple[str, ...]  # Monday first, in the case that a deadline's preposition asks for
    weekdays_named: tuple[str, ...]  # Monday first, as they are called
    months: tuple[str, ...]  # January first
    digits: tuple[str, ...]  # words for 0 to 9, or the figures themselves
    plus: str
    units: tuple[str, ...]  # words for 0 to 19; empty where figures are read well
    tens: tuple[str, ...]  # words for 0, 10 … 90; empty with `units`
    year_ordinals: tuple[str, ...]  # words for 0 to 19 as the end of a year; empty where figures are read well
    year_tens: tuple[str, ...]  # words for full tens as the end of a year
    hour: Counted
    minute: Counted
    minutes: Counted
    less_than_a_minute: str
    day: Counted  # the day of the month
    at: Mapping[str, str]  # by the plural category of the hour: {time} with its preposition
    moments: Mapping[str, str]  # times with a name of their own: "12:00": noon; "24:00": the end of a day
    halves: tuple[str, str]  # before and after noon; empty texts where the day has 24 hours
    patterns: Mapping[str, str]  # by the names in _PATTERNS


def read_locale(code: str, node: Node) -> Locale:
    """The CLDR locale of a language such as `pt-BR`.

    Raises:
        BadFile: if CLDR does not know it.
    """
    try:
        return Locale.parse(code, sep="-")
    except (UnknownLocaleError, ValueError) as error:
        raise BadFile(
            [node.fault(f"the language {code!r} is not known; name the file like de.yaml or pt-BR.yaml")]
        ) from error


def read_forms(node: Node, locale: Locale) -> SpokenForms:
    """Read the `spoken` part of a prompts file.

    Raises:
        BadFile: with every fault that was found.
    """
    return _Reader(node, locale).forms()


class _Reader:
    """Reads one `spoken` part and gathers its faults."""

    def __init__(self, node: Node, locale: Locale) -> None:
        self.node = node
        self.locale = locale
        self.faults: list[Fault] = []
        self.entries = node.entries()

    def forms(self) -> SpokenForms:
        patterns = {name: self.pattern(name, slots) for name, slots in _PATTERNS.items()}
        named = _names(self.locale.days["format"]["wide"], range(7))
        halves = self.words("halves", 2, ("", ""))
        forms = SpokenForms(
            locale=self.locale,
            plural=self.locale.plural_form,
            weekdays=self.words("weekdays", DAYS_OF_WEEK, named),
            weekdays_named=named,
            months=self.words("months", MONTHS, _names(self.locale.months["format"]["wide"], range(1, 13))),
            digits=self.words("digits", 10, tuple("0123456789")),
            plus=self.text("plus"),
            units=self.words("units", 20, ()),
            tens=self.words("tens", 10, ()),
            year_ordinals=self.words("year_ordinals", 20, ()),
            year_tens=self.words("year_tens", 10, ()),
            hour=self.counted("hour"),
            minute=self.counted("minute"),
            minutes=self.counted("minutes"),
            less_than_a_minute=self.text("less_than_a_minute"),
            day=self.counted("day"),
            at=self.table("at", ("time",)),
            moments=self.table("moments", (), needed=False),
            halves=(halves[0], halves[1]),
            patterns=patterns,
        )
        known = {*_PATTERNS, *SpokenForms.__dataclass_fields__} - {"locale", "plural", "patterns", "weekdays_named"}
        self.faults += self.node.unknown_keys(known)
        if bool(forms.units) != bool(forms.tens) or bool(forms.year_ordinals) != bool(forms.year_tens):
            self.faults.append(self.node.fault("units and tens belong together: give both or neither"))
        if self.faults:
            raise BadFile(self.faults)
        return forms

    def find(self, name: str, needed: bool = True) -> Node | None:
        node = self.entries.get(name)
        if node is None and needed:
            self.faults.append(self.node.fault(f"{name!r} is missing; add it"))
        return node

    def text(self, name: str) -> str:
        node = self.find(name)
        return self.plain(node) if node else ""

    def plain(self, node: Node) -> str:
        if not node.is_text or not node.text().strip():
            self.faults.append(node.fault("a text is expected here"))
            return ""
        return node.text()

    def words(self, name: str, count: int, otherwise: tuple[str, ...]) -> tuple[str, ...]:
        node = self.find(name, needed=False)
        if node is None:
            return otherwise
        if not isinstance(node.content, tuple) or len(node.content) != count:
            self.faults.append(node.fault(f"{name} needs a list of exactly {count} words"))
            return ("",) * count
        return tuple(self.plain(one) for one in node.content)

    def pattern(self, name: str, slots: tuple[str, ...]) -> str:
        node = self.find(name)
        if node is None:
            return ""
        text = self.plain(node)
        self.check_slots(node, text, slots)
        return text

    def check_slots(self, node: Node, text: str, slots: tuple[str, ...]) -> None:
        for slot in _PLACEHOLDER.findall(text):
            if slot not in slots:
                known = ", ".join(f"{{{one}}}" for one in slots) or "none"
                self.faults.append(node.fault(f"{{{slot}}} means nothing here; known: {known}"))

    def table(self, name: str, slots: tuple[str, ...], *, needed: bool = True) -> dict[str, str]:
        node = self.find(name, needed)
        if node is None:
            return {}
        table = {}
        for key, value in node.entries().items():
            table[key] = self.plain(value)
            self.check_slots(value, table[key], slots)
        if slots:
            self.check_plurals(node, table)
        return table

    def check_plurals(self, node: Node, table: Mapping[str, str]) -> None:
        if "other" not in table:
            self.faults.append(node.fault("the form for 'other' is missing; add it"))
        for category in sorted(set(table) - set(_PLURALS)):
            self.faults.append(node.key_fault(category, f"{category!r} is no plural; known: {', '.join(_PLURALS)}"))

    def counted(self, name: str) -> Counted:
        node = self.find(name)
        if node is None:
            return Counted({}, {"other": ""})
        own: dict[int, str] = {}
        forms: dict[str, str] = {}
        for key, value in node.entries().items():
            text = self.plain(value)
            if key.isascii() and key.isdecimal():
                own[int(key)] = text
            else:
                forms[key] = text
                self.check_slots(value, text, ("n",))
        self.check_plurals(node, forms)
        return Counted(own, forms)


def _names(names: Mapping[int, str], order: range) -> tuple[str, ...]:
    return tuple(names[one] for one in order)
