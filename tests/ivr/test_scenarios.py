from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.domain.hotline import Hotline
from app.ivr.flow import FlowSet
from app.ivr.turn import Ask, Effect
from tests.ivr.storytelling import Conversation
from tests.ivr.tiny import cases_of, heard_of

STORIES = {path.stem: cases_of(path) for path in sorted((Path(__file__).parent / "scenarios").glob("*.yaml"))}
EXPECTED = {"at", "says", "asks", "effects", "waits", "language"}


@pytest.mark.parametrize("story", STORIES.values(), ids=STORIES)
def test_a_conversation(story: dict[str, Any], shipped_flows: FlowSet, german_hotline: Hotline) -> None:
    call = Conversation.begin(shipped_flows, german_hotline, office=story.get("office"), **story.get("given", {}))

    for number, turn in enumerate(story["turns"], 1):
        asked, ordered = len(call.asks), len(call.effects)
        said = call.hear(heard_of({name: value for name, value in turn.items() if name not in EXPECTED}))
        found = {
            "at": call.position.node,
            "says": [prompt for prompt in said if prompt in turn.get("says", ())],
            "asks": [_ask(each) for each in call.asks[asked:] if "asks" in turn],
            "effects": [_effect(each) for each in call.effects[ordered:]],
            "waits": type(call.wait).__name__,
            "language": call.position.language,
        }
        wanted = {name: value for name, value in turn.items() if name in EXPECTED}
        found["says"] = list(dict.fromkeys(found["says"]))
        found["asks"] = [each for each in found["asks"] if each in turn.get("asks", ())]
        assert (number, {name: found[name] for name in wanted}) == (number, wanted)

    assert {name: call.position.known.get(name) for name in story.get("known", {})} == story.get("known", {})
    assert not {say.prompt for say in call.says} & set(story.get("never_says", ()))
    assert not {text for each in call.asks for text in (each.what, _ask(each))} & set(story.get("never_asks", ()))


def _ask(ask: Ask) -> str:
    return " ".join([ask.what, *(str(value) for value in ask.details.values())])


def _effect(effect: Effect) -> str:
    return f"{effect.what} {next(iter(effect.details.values()))}"
