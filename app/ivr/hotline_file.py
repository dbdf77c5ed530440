"""Reads the hotline file: which numbers ring here, and by which rules they are answered."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from app.domain.business_hours import knows_holidays
from app.domain.errors import BadFile
from app.domain.hotline import CallbackRules, CancellationRules, Company, Hotline, QueueRules, RecallQueue
from app.domain.phone_number import parse_phone
from app.domain.yaml_source import Node, read_yaml
from app.ivr import hotline_values as values
from app.ivr.fields import Number, Reading
from app.ivr.hotline_week import week_parts
from app.ivr.knowledge_file import read_topics
from app.ivr.loader import in_order

JURISDICTIONS: Final = ("de", "eu", "br-sac", "us")
MAX_LANGUAGES: Final = 4  # the main one and the keys 6, 7 and 8

_COMPANY: Final = ("name", "address", "email", "registration", "website")
_CALLBACK: Final[Mapping[str, Callable[[Reading, Node], Any]]] = {
    "lead": values.span,
    "urgent_lead": values.span,
    "attempts": Number(1, 10).read,
    "spacing": values.spacing,
    "handling": values.span,
    "ring_seconds": Number(5, 60).read,
}
_QUEUE: Final[Mapping[str, Callable[[Reading, Node], Any]]] = {
    "max_wait": values.span,
    "max_waiting": Number(1, 1000).read,
    "recall": lambda reading, node: RecallQueue(**_rules(reading, node, _RECALL_QUEUE)),
}
_RECALL_QUEUE: Final[Mapping[str, Callable[[Reading, Node], Any]]] = {
    "callers": lambda reading, node: values.one_of(reading, node, ("rung", "all", "none")),
    "goes": lambda reading, node: values.one_of(reading, node, ("before", "with", "after")),
}
_CANCELLATION: Final[Mapping[str, Callable[[Reading, Node], Any]]] = {
    "consequence": Reading.text,
    "returns": Reading.text,
}
_REQUIRED: Final = ("numbers", "flow", "languages", "zone", "jurisdiction", "country", "opening", "company")
_OPTIONAL: Final = (
    "subdivision",
    "holidays",
    "urgent_hours",
    "closed_on",
    "callback",
    "queue",
    "cancellation",
    "knowledge",
    "staffing",
)


@dataclass(frozen=True, slots=True)
class Hotlines:
    """All hotlines, in the order of the file; at least one."""

    all: tuple[Hotline, ...]

    def of(self, number: str) -> Hotline:
        """The hotline that answers this number (E.164); the first one answers every number that stands nowhere."""
        return next((hotline for hotline in self.all if number in hotline.numbers), self.all[0])

    def named(self, name: str) -> Hotline | None:
        """The hotline with this short id; None if it stands there no more."""
        return next((hotline for hotline in self.all if hotline.name == name), None)

    def __iter__(self) -> Iterator[Hotline]:
        return iter(self.all)


def load_hotlines(path: Path, *, flows: Collection[str], languages: Collection[str]) -> Hotlines:
    """The hotlines of a file.

    Args:
        flows: the flows there are; a hotline names the one its calls start in.
        languages: the languages there are prompts in.

    Raises:
        BadFile: with every fault and its place.
    """
    root = read_yaml(path, f"{path.parent.name}/{path.name}")
    reading = Reading({})
    found = [_hotline(reading, name, node, flows, languages) for name, node in reading.entries(root).items()]
    _check_numbers(reading, reading.entries(root).values())
    if not found and not reading.faults:
        reading.faults.append(root.fault("holds no hotline; add one"))
    if reading.faults:
        raise BadFile(in_order(reading.faults))
    return Hotlines(tuple(hotline for hotline in found if hotline is not None))


def _hotline(
    reading: Reading, name: str, node: Node, flows: Collection[str], languages: Collection[str]
) -> Hotline | None:
    before = len(reading.faults)
    parts = reading.entries(node)
    if node.is_text:  # the fault is noted
        return None
    reading.faults.extend(node.unknown_keys((*_REQUIRED, *_OPTIONAL)))
    missing = [each for each in _REQUIRED if each not in parts]
    reading.faults.extend(node.fault(f"hotline {name!r} needs {each!r}") for each in missing)
    if missing:
        return None
    country = reading.text(parts["country"])
    subdivision = reading.text(parts["subdivision"]) if "subdivision" in parts else None
    if not knows_holidays(country, subdivision):
        place = parts["subdivision"] if subdivision and knows_holidays(country) else parts["country"]
        reading.faults.append(place.fault(f"no public holidays are known for {reading.text(place)!r}; use ISO 3166"))
    hotline_languages = values.words(reading, parts["languages"], languages)
    if len(hotline_languages) > MAX_LANGUAGES:
        reading.faults.append(parts["languages"].fault(f"at most {MAX_LANGUAGES} languages, one for each key"))
    jurisdiction = values.one_of(reading, parts["jurisdiction"], JURISDICTIONS)
    made: dict[str, Any] = {
        **week_parts(reading, parts, hotline_languages),
        "numbers": tuple(values.number(reading, each) for each in reading.items(parts["numbers"])),
        "flow": values.one_of(reading, parts["flow"], flows),
        "zone": values.zone(reading, parts["zone"]),
        "closed_on": frozenset(
            values.day(reading, each) for each in (reading.items(parts["closed_on"]) if "closed_on" in parts else ())
        ),
        "company": _company(reading, parts["company"]),
        "callback": CallbackRules(**_rules(reading, parts.get("callback"), _CALLBACK)),
        "queue": QueueRules(**_rules(reading, parts.get("queue"), _QUEUE)),
        "cancellation": CancellationRules(**_rules(reading, parts.get("cancellation"), _CANCELLATION)),
        "knowledge": read_topics(reading, parts["knowledge"], hotline_languages) if "knowledge" in parts else (),
    }
    if len(reading.faults) > before:
        return None
    return Hotline(
        name=name,
        languages=hotline_languages,
        jurisdiction=jurisdiction,
        country=country,
        subdivision=subdivision,
        **made,
    )


def _company(reading: Reading, node: Node) -> Company:
    parts = reading.entries(node)
    reading.faults.extend(node.unknown_keys((*_COMPANY, "phone")) if parts else [])
    reading.faults.extend(node.fault(f"a company needs {each!r} (S8)") for each in _COMPANY if each not in parts)
    facts = {each: reading.text(parts[each]) for each in _COMPANY if each in parts}
    phone = values.number(reading, parts["phone"]) if "phone" in parts else ""
    return Company(**{**dict.fromkeys(_COMPANY, ""), **facts}, phone=phone)


def _rules(reading: Reading, node: Node | None, known: Mapping[str, Callable[[Reading, Node], Any]]) -> dict[str, Any]:
    if node is None:
        return {}
    parts = reading.entries(node)
    reading.faults.extend(node.unknown_keys(known) if parts else [])
    return {name: known[name](reading, each) for name, each in parts.items() if name in known}


def _check_numbers(reading: Reading, hotlines: Collection[Node]) -> None:
    """A number rings at one hotline only, and every hotline has one."""
    seen: dict[str, Node] = {}
    quiet = Reading({})  # faults of form were noted when the hotline was read
    for hotline in hotlines:
        numbers = quiet.entries(hotline).get("numbers")
        if numbers is not None and not quiet.items(numbers):
            reading.faults.append(numbers.fault("name at least one number"))
        for each in quiet.items(numbers) if numbers is not None else ():
            number = parse_phone(quiet.text(each), "ZZ")
            if number is not None and number.e164 in seen:
                reading.faults.append(each.fault(f"stands in line {seen[number.e164].line} already; keep it once"))
            elif number is not None:
                seen[number.e164] = each
