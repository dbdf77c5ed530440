"""The desk's own words, in the language of who reads them. English is the source; other languages are files beside."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Final

from flask import request

from app.web.auth import here

LANGUAGES: Final = ("en", "de", "pt-BR", "bs")
_SAME: Final = {"pt": "pt-BR", "hr": "bs", "sr": "bs"}  # who reads the one reads the other
_FOLDER: Final = Path(__file__).parent / "catalogue"


def desk_language() -> str:
    """The language of this page: the first one of who is logged in that the desk knows, else the browser's."""
    visitor = here()
    wanted = visitor.staff.languages if visitor is not None else request.accept_languages.values()
    return next((code for code in map(_known, wanted) if code), LANGUAGES[0])


def desk_locale() -> str:
    """The language of this page as Babel names it."""
    return desk_language().replace("-", "_")


def _known(tag: str) -> str | None:
    """The desk's language for a tag such as de-AT; None if it has none."""
    language = tag.partition("-")[0].lower()
    code = _SAME.get(language, language)
    return code if code in LANGUAGES else None


def say(text: str, /, **slots: object) -> str:
    """`text` in the language of this page, with its slots filled."""
    said = catalogue(desk_language()).get(text, text)
    return said.format(**slots) if slots else said


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The words of a language by their English ones; none for English itself."""
    file = _FOLDER / f"{language}.json"
    words: dict[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return words
