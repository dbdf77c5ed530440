"""Random complaint records, field by field from the model's own schema."""

from __future__ import annotations

import functools
import random
from typing import Any

from app.domain.complaint import ComplaintRecord
from app.domain.gtin import check_digit

GROUPS = ("receipt", "complainant", "matter", "assessment", "outcome")
_BY_PATTERN = {
    r"^[0-9]+$": "2612345679",
    r"^\+[1-9][0-9]{1,14}$": "+493012345678",
    r"^[^@\s]+@[^@\s]+$": "cora@example.org",
    r"^[A-Z]{3}$": "EUR",
    r"^[A-HJ-NPR-Z0-9]{17}$": "1M8GDM9AXKP042788",
}
_WORDS = ("kettle", "ÄÖÜ ß čćžšđ ãõ", "line\nbreak", "=1+1", "🙂", " blank ", '"quoted"', "XXXX {$1200.00}")


@functools.cache
def _schema() -> dict[str, Any]:
    return ComplaintRecord.model_json_schema(mode="validation")


def random_facts(chance: random.Random, *, share: float) -> list[tuple[str, Any]]:
    """Some of the record's facts with values that fit, in the order of the scheme."""
    schema = _schema()
    found = []
    for group in GROUPS:
        properties = schema["$defs"][group.capitalize()]["properties"]
        for name, described in properties.items():
            if name != "gtin_check" and chance.random() < share:
                found.append((f"{group}.{name}", _value(described, schema, chance, name)))
    return found


def _value(described: dict[str, Any], schema: dict[str, Any], chance: random.Random, name: str) -> Any:
    if "$ref" in described:
        return _value(schema["$defs"][described["$ref"].rsplit("/", 1)[1]], schema, chance, name)
    if "anyOf" in described:
        kind = next(one for one in described["anyOf"] if one.get("type") != "null")
        return _value(kind, schema, chance, name)
    if "enum" in described:
        return chance.choice(described["enum"])
    match described.get("type"):
        case "boolean":
            return chance.random() < 0.5
        case "integer":
            return chance.randint(described.get("minimum", 0), described.get("maximum", 10**9))
        case "array":
            return [_value(described["items"], schema, chance, name) for _ in range(chance.randint(1, 3))]
        case "object":
            return {key: _value(one, schema, chance, key) for key, one in described["properties"].items()}
    return _text(described, chance, name)


def _text(described: dict[str, Any], chance: random.Random, name: str) -> str:
    if described.get("format") == "date-time":
        return f"20{chance.randint(10, 40)}-03-{chance.randint(10, 28)}T{chance.randint(10, 23)}:00:00+01:00"
    if described.get("format") == "date":
        return f"20{chance.randint(10, 40)}-0{chance.randint(1, 9)}-{chance.randint(10, 28)}"
    if name == "language":
        return chance.choice(["de", "en", "pt-BR", "bs", "hr", "sr-latn-rs"])
    if name == "gtin":
        body = "".join(chance.choice("0123456789") for _ in range(12))
        return chance.choice([body + check_digit(body), body, body[:5]])
    pattern = described.get("pattern")
    return _BY_PATTERN[pattern] if pattern else chance.choice(_WORDS)
