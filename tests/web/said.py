"""Every English sentence that the pages may say, found in the templates and in the code."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from app.web.terms import every_term
from tests.guards.tree import ROOT

_IN_TEMPLATES = ROOT / "app/web/templates"
_IN_CODE = ROOT / "app/web"
_SAYERS = {"say", "_plain", "_", "Invalid"}
_TABLES = {"_ACTORS", "_HOW", "_HEADINGS", "_FIELDS", "_RING"}


def every_sentence() -> set[str]:
    """What must stand in every catalogue."""
    return {*every_term(), *_templates(), *_code()}


def _templates() -> Iterator[str]:
    from jinja2 import Environment

    for path in _IN_TEMPLATES.rglob("*.html"):
        tokens = Environment(autoescape=True).lex(path.read_text(encoding="utf-8"))
        before: list[str] = []
        for _line, kind, value in tokens:
            if kind == "whitespace":
                continue
            if kind == "string" and before[-2:] == ["_", "("]:
                yield ast.literal_eval(value)
            before.append(value)


def _code() -> Iterator[str]:
    for path in _IN_CODE.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in {"say", "_plain"}:
                if isinstance(node.args[0], ast.Constant):
                    yield node.args[0].value
            elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name) and node.target.id in _TABLES:
                assert isinstance(node.value, ast.Dict)
                yield from (value.value for value in node.value.values if isinstance(value, ast.Constant))
            elif isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") == "facts":
                assert isinstance(node.value, ast.Tuple)
                yield from (row.elts[0].value for row in node.value.elts if isinstance(row, ast.Tuple))  # type: ignore[attr-defined]
