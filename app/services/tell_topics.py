"""The knowledge of a hotline as callers ask for it: what there is, what was meant, and the answer (K1, K3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from app.domain.knowledge import Topic, find_topics, is_sure
from app.ivr.nodes.topics import MORE
from app.ivr.turn import Known
from app.services.office import CallAtHand, Details

_KEYS: Final = 5
_MORE: Final = f"{MORE}|"


def list_topics(call: CallAtHand, details: Details) -> Known:
    """Up to five topics; with more than five the fifth key leads to the next ones, and from the last to the first.

    Args:
        details: `after` is the topic after which to begin, "" for the first.

    Returns:
        `topic_list`: of each its name and its title.
    """
    topics = call.hotline.knowledge
    if len(topics) <= _KEYS:
        return {"topic_list": _named(call, topics)}
    names = [each.name for each in topics]
    begin = names.index(str(details["after"])) + 1 if details.get("after") in names else 0
    page = topics[begin : begin + _KEYS - 1] or topics[: _KEYS - 1]
    return {"topic_list": [*_named(call, page), _MORE]}


def find_topic(call: CallAtHand, details: Details) -> Known:
    """The topic that a caller's words mean, or those that they may mean.

    Returns:
        `topic_match`: sure, with `topic_found`; or unsure, with a `topic_list` that is empty if nothing was found.
    """
    found = find_topics(str(details.get("said", "")), call.hotline.knowledge, call.position.language)
    if is_sure(found):
        return {"topic_match": "sure", "topic_found": found[0].topic.name}
    likely = _named(call, [each.topic for each in found[: _KEYS - 1]])
    return {"topic_match": "unsure", "topic_found": "", "topic_list": [*likely, _MORE] if likely else []}


def _named(call: CallAtHand, topics: Sequence[Topic]) -> list[str]:
    return [f"{each.name}|{each.titles[call.position.language]}" for each in topics]


def tell_topic(call: CallAtHand, details: Details) -> Known:
    """A topic in the language of the call.

    Returns:
        `topic_title`, `topic_text` and `topic_as_of`; "" if there is no such topic.
    """
    topic = next((each for each in call.hotline.knowledge if each.name == details.get("topic")), None)
    if topic is None:
        return {"topic_title": "", "topic_text": "", "topic_as_of": ""}
    language = call.position.language
    return {
        "topic_title": topic.titles[language],
        "topic_text": topic.texts[language],
        "topic_as_of": topic.as_of.isoformat(),
    }
