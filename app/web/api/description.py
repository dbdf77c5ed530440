"""The API's description in OpenAPI 3.1, made from the same models and parameters that the views use."""

from __future__ import annotations

from functools import cache
from typing import Any, Final

from pydantic import BaseModel
from pydantic.json_schema import JsonSchemaMode, models_json_schema

from app.services.answer_once import HEADER, KEPT
from app.web.api.schemas import (
    CallOut,
    CallPage,
    CaseOut,
    CasePage,
    ErrorOut,
    LedgerOut,
    MomentOut,
    PromisePage,
    TurnOut,
)
from app.web.api.writing import WRITES, Write
from app.web.asked import MOST

_TEXT: Final = {"type": "string", "pattern": "^[A-Za-z][A-Za-z0-9_-]{0,39}$"}
_INSTANT: Final = {"type": "string", "format": "date-time"}
PARAMETERS: Final[dict[str, tuple[str, dict[str, Any]]]] = {
    "phone": (
        "A telephone number in any spelling: +49 30 …, 0049 30 …, or as written at home.",
        {"type": "string", "pattern": r"^[0-9+][0-9 ()./-]{1,38}[0-9]$"},
    ),
    "kind": ("complaint, cancellation, recall or information.", _TEXT),
    "status": ("Where it stands.", _TEXT),
    "language": ("BCP 47.", _TEXT),
    "hotline": ("Short name of the hotline.", _TEXT),
    "since": ("Received, begun or made then or later.", _INSTANT),
    "until": ("Received, begun or made before.", _INSTANT),
    "cursor": ("`next_cursor` of the page before.", {"type": "string"}),
    "limit": ("Rows on a page.", {"type": "integer", "minimum": 1, "maximum": MOST, "default": 50}),
}
LISTS: Final[dict[str, tuple[str, ...]]] = {
    "cases": ("phone", "kind", "status", "language", "hotline", "since", "until", "cursor", "limit"),
    "calls": ("phone", "status", "language", "hotline", "since", "until", "cursor", "limit"),
    "promises": ("phone", "status", "language", "hotline", "since", "until", "cursor", "limit"),
}
_MODELS: Final[tuple[type[BaseModel], ...]] = (
    CasePage, CaseOut, CallPage, CallOut, TurnOut, MomentOut, PromisePage, LedgerOut, ErrorOut,
)  # fmt: skip
_PAGES: Final = {"cases": "CasePage", "calls": "CallPage", "promises": "PromisePage"}
_SUMMARIES: Final = {
    "cases": "Complaints, cancellations, recall enquiries and requests for information, newest first",
    "calls": "Calls that came in, newest first",
    "promises": "Promises to call back, newest first, with their attempts",
}


@cache
def description(base_url: str) -> dict[str, Any]:
    """The whole description.

    Args:
        base_url: our public URL, without a slash at its end.
    """
    taken = list(dict.fromkeys(kind.body for kind, _ in WRITES))
    given = list(dict.fromkeys([*_MODELS, *(kind.answer for kind, _ in WRITES)]))
    modes: list[tuple[type[BaseModel], JsonSchemaMode]] = [
        *((model, "serialization") for model in given),
        *((model, "validation") for model in taken),
    ]  # fmt: skip
    _, definitions = models_json_schema(modes, ref_template="#/components/schemas/{model}")
    paths: dict[str, Any] = {f"/{name}": {"get": _list(name)} for name in LISTS}
    paths["/cases/{protocol}"] = {
        "get": _one("oneCase", "One case", "protocol", {"type": "string", "pattern": "^[0-9]{10}$"}, "CaseOut")
    }
    network_id = {"type": "string", "pattern": "^[A-Za-z0-9]{10,64}$"}
    paths["/calls/{network_id}"] = {"get": _one("oneCall", "One call", "network_id", network_id, "CallOut")}
    turns = _one("turnsOfCall", "A call turn by turn", "network_id", network_id, "TurnOut")
    _answer(turns)["schema"] = {"type": "array", "items": {"$ref": "#/components/schemas/TurnOut"}}
    paths["/calls/{network_id}/turns"] = {"get": turns}
    number = {"type": "integer", "minimum": 1}
    life = "One promise with its whole life: words, schedule, law, tries, reminders, texts, moves and end"
    paths["/promises/{id}"] = {"get": _one("onePromise", life, "id", number, "LedgerOut")}
    evidence = _one("evidenceOfCall", "What a call can prove, moment by moment", "network_id", network_id, "MomentOut")
    _answer(evidence)["schema"] = {"type": "array", "items": {"$ref": "#/components/schemas/MomentOut"}}
    paths["/calls/{network_id}/evidence"] = {"get": evidence}
    for kind, _ in WRITES:
        paths.setdefault(_as_path(kind.rule), {})["post"] = _write(kind)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Rückruf",
            "version": "1",
            "description": "Cases, calls and promises of a consumer hotline, for other systems. Times are RFC 3339 in "
            "UTC. Lists are paged: ask again with `next_cursor` as `cursor` until it is null. Every write carries an "
            f"`{HEADER}`: sent again with the same key and body, it changes nothing and gives the same answer, for "
            f"{KEPT.days} days.",
        },
        "servers": [{"url": f"{base_url}/api/v1"}],
        "security": [{"token": []}],
        "paths": paths,
        "components": {
            "schemas": definitions["$defs"],
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    }


def _list(name: str) -> dict[str, Any]:
    parameters = [
        {"name": each, "in": "query", "description": PARAMETERS[each][0], "schema": PARAMETERS[each][1]}
        for each in LISTS[name]
    ]
    return {
        "operationId": name,
        "summary": _SUMMARIES[name],
        "parameters": parameters,
        "responses": _responses(_PAGES[name], ("401", "403", "422")),
    }


_WRITE_PARAMETERS: Final = {
    "protocol": {"type": "string", "pattern": "^[0-9]{10}$"},
    "promise_id": {"type": "integer", "minimum": 1},
}


def _as_path(rule: str) -> str:
    return rule.replace("<int:promise_id>", "{id}").replace("<protocol>", "{protocol}")


def _write(kind: Write) -> dict[str, Any]:
    parameters: list[dict[str, Any]] = [
        {"name": "id" if name == "promise_id" else name, "in": "path", "required": True, "schema": schema}
        for name, schema in _WRITE_PARAMETERS.items()
        if name in kind.rule
    ]
    key = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[!-~]+$"}
    told = "New for each write; the same when it is sent again."
    parameters.append({"name": HEADER, "in": "header", "required": True, "description": told, "schema": key})
    errors: tuple[str, ...] = ("400", "401", "403", "404", "409", "413", "415", "422")
    if kind.has_version:
        wanted = "The version of the case that is to be changed; left out: whichever it is."
        schema = {"type": "string", "pattern": '^"?[0-9]{1,9}"?$'}
        parameters.append({"name": "If-Match", "in": "header", "description": wanted, "schema": schema})
        errors = (*errors, "412")
    good = {"description": "Done.", "content": {"application/json": {"schema": _ref(kind.answer.__name__)}}}
    return {
        "operationId": kind.view.__name__,
        "summary": kind.summary,
        "description": f"Needs the scope `{kind.scope}`.",
        "parameters": parameters,
        "requestBody": {"required": True, "content": {"application/json": {"schema": _ref(kind.body.__name__)}}},
        "responses": {str(status): good for status in kind.statuses} | _errors(errors),
    }


def _one(operation: str, summary: str, key: str, schema: dict[str, Any], model: str) -> dict[str, Any]:
    return {
        "operationId": operation,
        "summary": summary,
        "parameters": [{"name": key, "in": "path", "required": True, "schema": schema}],
        "responses": _responses(model, ("401", "403", "404", "422")),
    }


_WORDS: Final = {
    "400": "The key is missing, or the body is no JSON.",
    "401": "No good token was shown.",
    "403": "The token does not open this.",
    "404": "There is none.",
    "409": "Somebody was faster, it is not in a state for this, or (`busy`) too many want the same: ask again.",
    "412": "The case is not the version that was asked for.",
    "413": "The body is too long.",
    "415": "The body is not said to be JSON.",
    "422": "A parameter or field cannot be used, or the key was used for something else.",
}


def _responses(model: str, errors: tuple[str, ...]) -> dict[str, Any]:
    good = {"description": "Found.", "content": {"application/json": {"schema": _ref(model)}}}
    return {"200": good} | _errors(errors)


def _errors(statuses: tuple[str, ...]) -> dict[str, Any]:
    bad = {"application/json": {"schema": _ref("ErrorOut")}}
    return {status: {"description": _WORDS[status], "content": bad} for status in statuses}


def _ref(model: str) -> dict[str, str]:
    return {"$ref": f"#/components/schemas/{model}"}


def _answer(operation: dict[str, Any]) -> dict[str, Any]:
    content: dict[str, Any] = operation["responses"]["200"]["content"]["application/json"]
    return content
