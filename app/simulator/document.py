"""Reading a TwiML document, and refusing what Twilio would refuse.

Vocabulary and nesting come from the installed `twilio` library, values and sizes from `limits`.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass

from app.simulator import limits, vocabulary
from app.simulator.limits import Refused
from app.simulator.vocabulary import Word

LARGEST = 64 * 1024
AS_TWIML = ("text/xml", "application/xml", "text/html", "text/plain")
XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"

# Which verbs may stand in documents that are not the call's own.
WHISPER = frozenset({"Play", "Say", "Gather", "Pause", "Hangup", "Redirect"})
WAITING = frozenset({"Play", "Say", "Pause", "Hangup", "Redirect", "Leave", "Gather"})
DEQUEUED = frozenset({"Play", "Say", "Pause", "Redirect"})


@dataclass(frozen=True, slots=True)
class Verb:
    """One element of a document; `text` is all its text, SSML children flattened, white space trimmed."""

    name: str
    text: str
    attributes: dict[str, str]
    children: tuple[Verb, ...]

    def get(self, name: str, default: str = "") -> str:
        """An attribute, or its default."""
        return self.attributes.get(name, default)

    def number(self, name: str, default: int) -> int:
        """An attribute that is a whole number."""
        return int(self.attributes.get(name, default))

    def is_true(self, name: str, default: bool = False) -> bool:
        """An attribute that is true or false."""
        return self.attributes.get(name, str(default)).lower() == "true"


@dataclass(frozen=True, slots=True)
class Document:
    """A checked document and the URL its relative links start from."""

    verbs: tuple[Verb, ...]
    url: str


def check_type(content_type: str) -> str:
    """The bare content type of an answer that may be TwiML.

    Raises:
        Refused: if Twilio would not read it (12300), or there is none (502).
    """
    bare = content_type.split(";")[0].strip().lower()
    if not bare:
        raise Refused(502, "the answer has no content type")
    if bare not in AS_TWIML and not bare.startswith("audio/"):
        raise Refused(12300, f"content type {bare} is no TwiML")
    return bare


def read(body: bytes, url: str, *, messaging: bool = False, allowed: frozenset[str] | None = None) -> Document:
    """Parse and check a document.

    Args:
        allowed: the top verbs that may stand in this place; None: all.

    Raises:
        Refused: with the error code Twilio would report.
    """
    if len(body) > LARGEST:
        raise Refused(11750, f"the document has {len(body)} bytes, at most {LARGEST} are read")
    if body[:1].isspace():
        raise Refused(12100, "white space before the document's beginning")
    try:
        root = ET.fromstring(body)  # noqa: S314 - what our own office answers
    except ET.ParseError as error:
        raise Refused(12100, f"no XML: {error}") from error
    if root.tag != "Response":
        raise Refused(12100, f"the root is <{root.tag}>, expected <Response>")
    words = vocabulary.messaging() if messaging else vocabulary.voice()
    verbs = tuple(_verb(child, words, "Response", messaging) for child in root)
    _check_text(root, words, "Response")
    for verb in verbs:
        if allowed is not None and verb.name not in allowed:
            code = 13201 if verb.name == "Dial" else 12200
            raise Refused(code, f"<{verb.name}> may not stand in this document, only {', '.join(sorted(allowed))}")
    return Document(verbs, url)


def _verb(element: ET.Element, parent: Word, path: str, messaging: bool) -> Verb:
    name = element.tag
    word = parent.children.get(name)
    if word is None:
        raise Refused(12200, f"<{name}> may not stand in <{path}>")
    attributes = {"xml:lang" if key == XML_LANG else key: value for key, value in element.attrib.items()}
    unknown = sorted(set(attributes) - word.attributes)
    if unknown:
        raise Refused(12200, f"<{name}> has no attribute {', '.join(unknown)}")
    _check_text(element, word, name)
    children = tuple(_verb(child, word, name, messaging) for child in element)
    lines = "".join(_spoken(element)).strip().splitlines() if messaging else ["".join(_spoken(element))]
    text = "\n".join(" ".join(line.split()) for line in lines)  # a text message keeps its lines
    verb = Verb(name, text, attributes, () if name == "Say" else children)
    if not messaging:
        limits.check(name, text, attributes, [child.name for child in children], path)
    return verb


def _check_text(element: ET.Element, word: Word, name: str) -> None:
    pieces = [element.text or "", *(child.tail or "" for child in element)]
    if not word.has_text and any(piece.strip() for piece in pieces):
        raise Refused(12200, f"<{name}> holds no text")


def _spoken(element: ET.Element) -> Iterator[str]:
    yield element.text or ""
    for child in element:
        if child.tag == "sub":
            yield child.get("alias", "")
        elif child.tag == "break":
            yield " "
        elif element.tag not in ("Gather", "Dial", "Response", "Start", "Stop", "Connect", "Message"):
            yield from _spoken(child)
        yield child.tail or ""
