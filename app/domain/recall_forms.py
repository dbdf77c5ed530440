"""The forms recall lists come in: the CPSC's REST API, the former USA.gov API, and CSV by heading."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Final

from pydantic import JsonValue, ValidationError

from app.domain.days import read_day
from app.domain.errors import BadFile, Invalid
from app.domain.recall import Recall
from app.domain.recall_identifiers import (
    Identifier,
    IdentifierKind,
    listed_gtins,
    listed_models,
    listed_numbers,
    mentioned,
    without_repeats,
)
from app.domain.recall_remedies import remedies_in

Cells = Mapping[str, JsonValue]

_HEADINGS: Final[Mapping[str, tuple[str, ...]]] = {
    "number": ("recall number", "recallnumber", "recall_number", "number"),
    "date": ("recall date", "recalldate", "recall_date", "date"),
    "title": ("title", "recall heading", "recall title", "heading"),
    "product": ("product", "products", "name of product", "product name", "name of products"),
    "description": ("description", "descriptions"),
    "model": ("model", "models", "model number", "model numbers"),
    "upc": ("upc", "upcs", "gtin", "gtins", "ean", "product upcs", "upc number"),
    "lot": ("lot", "lots", "batch", "batches", "lot number", "batch number", "lot numbers"),
    "serial": ("serial", "serials", "serial number", "serial numbers", "serial range", "serial ranges"),
    "hazard": ("hazard", "hazards", "hazard description"),
    "remedy": ("remedy", "remedies"),
    "option": ("remedy type", "remedy options"),
    "do": ("what to do", "instructions", "consumer action"),
    "risk": ("risk", "risk level"),
    "units": ("units", "number of units"),
    "injuries": ("injuries", "incidents", "incidents/injuries"),
    "sold": ("sold", "sold at", "retailers"),
    "maker": ("manufacturer", "manufacturers", "maker", "importer", "importers"),
    "country": ("country", "country of origin", "manufactured in"),
    "contact": ("contact", "consumer contact"),
    "url": ("url", "link"),
}
"""What CSV lists call their columns, in small letters."""


def check_recall_columns(names: Iterable[str], name: str, line: int) -> None:
    """Refuse a file that holds no recalls.

    Raises:
        BadFile: if no column or name means a recall's number.
    """
    found = [given.strip().casefold() for given in names]
    if not set(found) & set(_HEADINGS["number"]):
        shown = ", ".join(repr(given) for given in found[:6])
        raise BadFile([f"{name}:{line}: no recalls: expected a recall number and a title or product, found {shown}"])


def read_recall(cells: Cells) -> Recall:
    """The recall of one row, whichever of the three forms it has.

    Raises:
        Invalid: if it has no number, nothing to call it by, or a date that is none.
    """
    try:
        if "RecallNumber" in cells:
            return _from_cpsc(cells)
        if "recall_number" in cells and "organization" in cells:
            return _from_usa_gov(cells)
        return _from_csv(cells)
    except ValidationError as error:
        fault = error.errors()[0]
        raise Invalid(".".join(str(step) for step in fault["loc"]), fault["msg"].lower()) from error


def _from_cpsc(cells: Cells) -> Recall:
    """A recall of saferproducts.gov/RestWebServices/Recall."""
    products = _inner(cells, "Products", "Name")
    descriptions = [*_inner(cells, "Products", "Description"), _text(cells.get("Description"))]
    listed = [
        *listed_gtins(_inner(cells, "ProductUPCs", "UPC")),
        *listed_models(_inner(cells, "Products", "Model")),
    ]
    named, options = _inner(cells, "Remedies", "Name"), _inner(cells, "RemedyOptions", "Option")
    known = remedies_in(named)
    # Options add only what the words do not say already.
    remedies = [*named, *(option for option in options if not named or set(remedies_in([option])) - set(known))]
    return Recall(
        source="cpsc",
        number=_number(cells.get("RecallNumber")),
        published_on=_day(cells.get("RecallDate")),
        title=_text(cells.get("Title")) or ", ".join(products),
        products=tuple(products),
        hazards=tuple(_inner(cells, "Hazards", "Name")),
        remedies=tuple(remedies),
        units=", ".join(_inner(cells, "Products", "NumberOfUnits")) or None,
        injuries=tuple(_inner(cells, "Injuries", "Name")),
        sold=tuple(_inner(cells, "Retailers", "Name")),
        makers=(*_inner(cells, "Manufacturers", "Name"), *_inner(cells, "Importers", "Name")),
        countries=tuple(_inner(cells, "ManufacturerCountries", "Country")),
        contact=_text(cells.get("ConsumerContact")) or None,
        url=_text(cells.get("URL")) or None,
        identifiers=_all(listed, [*products, *descriptions, _text(cells.get("Title"))]),
    )


def _from_usa_gov(cells: Cells) -> Recall:
    """A recall of the former USA.gov Recalls API; it has no titles and no remedies."""
    descriptions = _texts(cells.get("descriptions"))
    makers = _texts(cells.get("manufacturers"))
    kinds = _texts(cells.get("product_types"))
    return Recall(
        source=f"usa.gov/{_text(cells['organization']).lower()}",
        number=_number(cells.get("recall_number")),
        published_on=_day(cells.get("recall_date")),
        title=descriptions[0] if descriptions else " ".join([", ".join(makers), ", ".join(kinds)]).strip(),
        products=tuple(descriptions or kinds),
        hazards=tuple(_texts(cells.get("hazards"))),
        makers=tuple(makers),
        countries=tuple(_texts(cells.get("countries"))),
        identifiers=_all(list(listed_gtins(_texts(cells.get("upcs")))), descriptions),
    )


def _from_csv(cells: Cells) -> Recall:
    known = {name.strip().casefold(): value for name, value in cells.items()}

    def cell(meaning: str) -> str:
        return next((text for name in _HEADINGS[meaning] if (text := _text(known.get(name)))), "")

    products = [cell("product")] if cell("product") else []
    listed = [
        *listed_gtins([cell("upc")]),
        *listed_models([cell("model")]),
        *listed_numbers([cell("lot")], IdentifierKind.LOT),
        *listed_numbers([cell("serial")], IdentifierKind.SERIAL),
    ]
    return Recall(
        source="csv",
        number=_number(cell("number")),
        published_on=_day(cell("date")),
        title=cell("title") or cell("product"),
        products=tuple(products),
        hazards=tuple(filter(None, [cell("hazard")])),
        remedies=tuple(filter(None, [cell("remedy") or cell("option")])),
        what_to_do=cell("do") or None,
        risk=cell("risk") or None,
        units=cell("units") or None,
        injuries=tuple(filter(None, [cell("injuries")])),
        sold=tuple(filter(None, [cell("sold")])),
        makers=tuple(filter(None, [cell("maker")])),
        countries=tuple(filter(None, [cell("country")])),
        contact=cell("contact") or None,
        url=cell("url") or None,
        identifiers=_all(listed, [cell("title"), cell("product"), cell("description")]),
    )


def _all(listed: Iterable[Identifier], texts: Iterable[str]) -> tuple[Identifier, ...]:
    return without_repeats([*listed, *(found for text in texts for found in mentioned(text))])


def _number(value: JsonValue) -> str:
    number = _text(value)
    if not number:
        raise Invalid("recall number", "is missing")
    return number


def _day(value: JsonValue) -> date | None:
    text = _text(value)
    return read_day(text, "recall date") if text else None


def _text(value: JsonValue) -> str:
    """A cell as text without blanks around it; "" for null."""
    if value is None:
        return ""
    if isinstance(value, (dict, list, bool)):
        raise Invalid("recall", f"expected a text, found {type(value).__name__}")
    return str(value).strip()


def _texts(value: JsonValue) -> list[str]:
    if isinstance(value, list):
        return [text for item in value if (text := _text(item))]
    return [text] if (text := _text(value)) else []


def _inner(cells: Cells, name: str, inner: str) -> list[str]:
    """One field of every object in a list of objects."""
    value = cells.get(name)
    items = value if isinstance(value, list) else []
    return [text for item in items if isinstance(item, dict) and (text := _text(item.get(inner)))]
