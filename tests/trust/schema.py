"""Twilio's own schema for documents, where it lies beside the project."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from lxml import etree

REFERENCE = Path(__file__).parents[3] / "shared" / "twilio"


@cache
def _schema(name: str) -> etree.XMLSchema | None:
    file = REFERENCE / name
    return etree.XMLSchema(etree.parse(file)) if file.exists() else None


def schema_complaints(document: str, *, is_text: bool = False) -> list[str]:
    """What the schema refuses in a document; nothing where there is no schema."""
    schema = _schema("messaging.xsd" if is_text else "twiml.xsd")
    if schema is None or schema.validate(etree.fromstring(document.encode())):
        return []
    return [f"{error.message}: {document}" for error in schema.error_log]
