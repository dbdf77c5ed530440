"""Which TwiML words exist and where they may stand, asked of the installed `twilio` library.

Each builder method of its response classes is called once with marked values; what appears in the
element it makes tells the XML name, the attributes and whether it holds text.
"""

from __future__ import annotations

import importlib
import inspect
from dataclasses import dataclass
from functools import cache
from typing import Any


@dataclass(frozen=True, slots=True)
class Word:
    """One element: what it may hold and carry."""

    name: str
    attributes: frozenset[str]
    has_text: bool
    children: dict[str, Word]


@cache
def voice() -> Word:
    """The vocabulary of a voice document, from `<Response>` down."""
    return _root("twilio.twiml.voice_response", "VoiceResponse")


@cache
def messaging() -> Word:
    """The vocabulary of a messaging document, from `<Response>` down."""
    return _root("twilio.twiml.messaging_response", "MessagingResponse")


def _root(module_name: str, class_name: str) -> Word:
    module = importlib.import_module(module_name)
    made = getattr(module, class_name)()
    return Word("Response", frozenset(), False, _children(made, {}))


def _children(parent: Any, known: dict[type, dict[str, Word]]) -> dict[str, Word]:
    kind = type(parent)
    if kind in known:
        return known[kind]
    # Entered before it is filled: SSML elements contain one another.
    words: dict[str, Word] = {}
    known[kind] = words
    for method_name, method in inspect.getmembers(parent, inspect.ismethod):
        if method_name.startswith("_") or method.__func__.__qualname__.split(".")[0] != kind.__name__:
            continue
        marks = {
            name: name
            for name, parameter in inspect.signature(method).parameters.items()
            if parameter.kind is inspect.Parameter.POSITIONAL_OR_KEYWORD
        }
        made = method(**marks)
        attributes = frozenset("xml:lang" if a == "xmlLang" else a for a in made.attrs)
        words[made.name] = Word(made.name, attributes, made.value is not None, _children(made, known))
    return words
