"""The words in a document that the network was given: what the other side heard or read."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

_SPEECH = "/voice/speech/"


def words_in(document: str, read_speech: Callable[[str], str]) -> tuple[str, ...]:
    """Every sentence that a document of ours has spoken or written, in order.

    Speech made here is read from its sealed address.

    Args:
        read_speech: gives the words of a piece of speech by its sealed address; "" for one that is none of ours.
    """
    try:
        root = ElementTree.fromstring(document)  # noqa: S314 - we wrote it ourselves
    except ElementTree.ParseError:
        return ()
    words = []
    for verb in root.iter():
        text = "".join(verb.itertext()).strip()
        if verb.tag == "Say" and text:
            words.append(" ".join(text.split()))
        elif verb.tag == "Message":
            words.append(text)
        elif verb.tag == "Play" and text.startswith(_SPEECH):
            words.append(read_speech(text.removeprefix(_SPEECH).removesuffix(".wav")))
    return tuple(word for word in words if word)
