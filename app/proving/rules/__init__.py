"""The rules, one a file. A new file that names a `RULE` is all that it takes."""

from __future__ import annotations

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from app.proving.rule import Rule


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, in alphabetical order of its file."""
    return tuple(import_module(f"{__name__}.{module.name}").RULE for module in iter_modules(__path__))
