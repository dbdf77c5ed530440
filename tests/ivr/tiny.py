"""A vocabulary that knows every prompt, and small flow folders to try things on."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from app.domain.yaml_source import parse_yaml
from app.ivr.flow import FlowSet
from app.ivr.loader import load_flows
from app.ivr.turn import Heard, How, Turn

CHOICES = {
    "yes": "yes",
    "not right": "no",
    "right": "yes",
    "no": "no",
    "person": "human",
    "more slowly please": "slower",
    "plain words please": "plain_language",
    "as usual please": "as_usual",
    "again": "repeat",
    "broken": "complaint",
    "cancel": "cancellation",
    "Rückzahlung": "refund",
    "apology": "apology",
    "rude": "misconduct",
    "unhappy": "dissatisfaction",
    "more topics": "topics_more",
    "today": "today",
    "tomorrow": "tomorrow",
    "thursday": "thursday",
    "friday": "friday",
    "after five": "evening",
}


class TinyWords:
    """Every prompt in German and English; `…{slot}` in a prompt's name is what it needs to be told."""

    languages = ("de", "en")

    def __init__(self, missing: frozenset[tuple[str, str]] = frozenset(), mute: frozenset[str] = frozenset()) -> None:
        self.missing, self.mute = missing, mute

    def has(self, language: str, prompt: str) -> bool:
        return (language, prompt) not in self.missing

    def slots(self, prompt: str) -> tuple[str, ...]:
        return ("protocol",) if prompt == "your_number" else ()

    def choices(self, language: str) -> Mapping[str, str]:
        return {written: choice for written, choice in CHOICES.items() if choice not in self.mute}


def write_flows(folder: Path, **flows: str) -> Path:
    """A folder with these flow files."""
    folder.mkdir(exist_ok=True)
    for flow, text in flows.items():
        (folder / f"{flow}.yaml").write_text(text, encoding="utf-8")
    return folder


def flows_of(folder: Path, words: TinyWords | None = None, **flows: str) -> FlowSet:
    """The flows of such a folder."""
    return load_flows(write_flows(folder, **flows), words or TinyWords())


def cases_of(path: Path) -> dict[str, Any]:
    """A YAML file as dicts, lists and strings."""
    root: dict[str, Any] = parse_yaml(path.read_text(encoding="utf-8"), path.name).plain()
    return root


def heard_of(written: Mapping[str, Any]) -> Heard:
    """What was heard, as a test file writes it: ``{keys: "1"}``, ``{speech: yes}``, ``{silence: ""}`` …"""
    (how, value), *more = written.items()
    rest: dict[str, Any] = dict(more)
    match How(how):
        case How.KEYS:
            return Heard(How.KEYS, keys=value)
        case How.SPEECH:
            return Heard(How.SPEECH, speech=value)
        case How.RECORDING:
            seconds = int(rest.get("seconds", "0"))
            return Heard(
                How.RECORDING, recording=value, seconds=seconds, keys=rest.get("keys", ""), speech=rest.get("words", "")
            )
        case How.QUEUE:
            return Heard(How.QUEUE, queue=value)
        case How.OUTCOME:
            return Heard(How.OUTCOME, outcome=value or {})
        case _:
            return Heard(How(how))


def told(turn: Turn) -> dict[str, Any]:
    """A turn as a test file writes it."""
    wait = turn.wait
    return {
        "at": turn.position.node,
        "waits": type(wait).__name__,
        "says": [say.prompt if not say.slots else f"{say.prompt} {_plain(say.slots)}" for say in turn.says],
        "effects": [f"{effect.what} {_plain(effect.details)}" for effect in turn.effects],
        "tries": str(turn.position.tries),
        "known": {name: value for name, value in turn.position.known.items() if value},
        "language": turn.position.language,
        "wait": str(wait),
    }


def _plain(values: Mapping[str, Any]) -> str:
    return " ".join(f"{name}={value}" for name, value in values.items())
