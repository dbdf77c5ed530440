"""Runs a flow from one wait to the next: `interpret(flows, position, heard) -> Turn`. Pure.

Keys that count anywhere: 0 leads to a human or a promise, 9 repeats, 6 to 8 change the language, * how the caller is
spoken to (`app.ivr.manner`); words do the same. After an `Ask` the office's answer comes as `Heard(How.OUTCOME)`; it is
merged into what is known, and the same node goes on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

from app.domain.hotline import Hotline
from app.ivr.flow import FlowNode, FlowSet, Scene, Step
from app.ivr.manner import CHOICES as MANNER_CHOICES
from app.ivr.manner import KEY as MANNER_KEY
from app.ivr.manner import Manner
from app.ivr.nodes.menu import LANGUAGE_KEYS, language_choice, language_keys
from app.ivr.turn import Ask, Effect, Gather, Hangup, Heard, How, Position, Say, Turn

MAX_STEPS: Final = 50
"""Nodes run in one turn. The longest chain of the shipped flows is under ten; the checks forbid circles without a
wait, so this is met only by a set that nobody checked, and then the caller gets a human."""

MAX_WAITS: Final = 150
"""Waits in one call before it is handed to a human. A full complaint takes about fifteen; somebody who repeats and
corrects a lot stays below sixty. A line held open by a stuck key must end."""

GRACE: Final = 20
"""Further waits, for the way from there to a promise, before the call ends; what was said is on record."""

_LONGEST_REQUEST: Final = 7  # words, as in "could you speak a little slower please"

_FROM_CALLER: Final = frozenset({How.KEYS, How.SPEECH, How.SILENCE, How.RECORDING})


def start(
    flows: FlowSet, hotline: Hotline, language: str, known: Mapping[str, Any], flow: str | None = None
) -> Position:
    """The place of a call that has just come in, before its first turn.

    Args:
        language: what the caller hears first, from `language_for`.
        known: what the office knows at the start; the hotline's facts are added.
        flow: in which it begins; None for the hotline's own.
    """
    company = hotline.company
    facts = {
        "company": company.name,
        "address": company.address,
        "email": company.email,
        "website": company.website,
        "registration": company.registration,
        "country": hotline.country,
        "consequence": hotline.cancellation.consequence,
        "returns": hotline.cancellation.returns,
        "languages": list(hotline.languages),
        "opening": lines_of_opening(hotline),
    }
    return Position(flows.version, flows.entries[flow or hotline.flow], language, known={**facts, **known})


def lines_of_opening(hotline: Hotline) -> list[list[int | str]]:
    """The hours of every week as a call knows them: weekday (Monday is 0), opening and closing time."""
    return [
        [day, f"{opens:%H:%M}", f"{closes:%H:%M}"]
        for day, hours in sorted(hotline.opening.items())
        for opens, closes in hours
    ]


def interpret(flows: FlowSet, position: Position, heard: Heard) -> Turn:
    """What to say, what to wait for and what the office shall do, after what was heard.

    A call that began with another version goes on with these flows at the node of the same name; if there is none
    any more, a human takes over. No call is lost because flows were changed under it.
    """
    if heard.how is How.HANGUP:
        return Turn(position, Hangup())
    if heard.how is How.START and heard.speech:
        position = position.knowing({"first_words": heard.speech})
    if position.version != flows.version:
        position = replace(position, version=flows.version)
    if position.node not in flows.nodes:
        return _run(flows, position, Step(to=flows.human))
    if heard.how in _FROM_CALLER:
        position = position.waited()
        if position.asked >= MAX_WAITS + GRACE:
            return Turn(position, Hangup(), (Say("goodbye"),))
        if position.asked == MAX_WAITS:
            return _run(flows, position, Step(to=flows.human))
    if heard.how is How.OUTCOME:
        position = position.knowing(heard.outcome)
    turn = _run(flows, *_decide(flows, position, heard))
    if isinstance(turn.wait, Gather) and turn.position.known.get("first_words"):
        return _with_first_words(flows, turn)
    return turn


def _with_first_words(flows: FlowSet, turn: Turn) -> Turn:
    """The turn of a conversation that began with words, at its first question: if they answer it, it is not put at all.

    What was said before the question stays.
    """
    words = str(turn.position.known["first_words"])
    position = turn.position.knowing({"first_words": ""})
    answered = interpret(flows, position, Heard(How.SPEECH, speech=words))
    if answered.position.node == position.node:
        return Turn(position, turn.wait, turn.says, turn.effects)
    question = len(flows.nodes[position.node].enter(Scene(flows, position)).says)
    says = (*turn.says[: len(turn.says) - question], *answered.says)
    return Turn(answered.position, answered.wait, says, (*turn.effects, *answered.effects))


def _decide(flows: FlowSet, position: Position, heard: Heard) -> tuple[Position, Step]:
    """The first step after what was heard, and the position in the language it is said in."""
    scene, node = Scene(flows, position), flows.nodes[position.node]
    if heard.how is How.START:
        return position, node.enter(scene)
    key = _universal_key(scene, heard, node)
    if key == "0":
        return position, Step(to=flows.human, saves={"detour": ""})
    manner = _manner_wanted(scene, heard, node)
    if manner is not None:
        position = position.knowing({"pace": "", "style": "", **manner.known})
        step = node.enter(Scene(flows, position))
        told, kept = (Say(manner.prompt), *step.says), (Effect("manner", manner.known), *step.effects)
        return position, replace(step, says=told, effects=kept, tries=scene.position.tries)
    language = _language_of(position, key)
    if key == "9" or language != position.language:
        position = replace(position, language=language)
        return position, replace(node.enter(Scene(flows, position)), tries=position.tries)
    step = node.hear(scene, heard)
    detour = position.known.get("detour")
    if detour and step.to is not None and heard.how in _FROM_CALLER:
        step = replace(step, to=detour, saves={**step.saves, "detour": ""})
    return position, step


def _language_of(position: Position, key: str) -> str:
    """The language that a key changes to; the one in use for every other key."""
    if key not in LANGUAGE_KEYS:
        return position.language
    return language_keys(position.known.get("languages", []), position.language).get(key, position.language)


def _universal_key(scene: Scene, heard: Heard, node: FlowNode) -> str:
    """The key that counts anywhere, or the key that the caller named in words; "" if neither.

    Where a node has a meaning of its own for the words, it counts: "again" may repeat more than the question.
    """
    if heard.how in (How.KEYS, How.RECORDING):
        return heard.keys
    if heard.how is not How.SPEECH:
        return ""
    languages, current = scene.position.known.get("languages", []), scene.position.language
    means = {"human": "0", "repeat": "9", language_choice(current): "9"}
    means |= {language_choice(language): key for key, language in language_keys(languages, current).items()}
    return means.get(scene.meant(heard.speech, means.keys() - set(node.choices())) or "", "")


def _manner_wanted(scene: Scene, heard: Heard, node: FlowNode) -> Manner | None:
    """How the caller wants to be spoken to from now on; None if that is not what they did.

    In the middle of a few other words it counts only where words choose something, and nothing that can be chosen was
    named: whoever tells a story may well call something slow.
    """
    if heard.how is How.KEYS and heard.keys == MANNER_KEY:
        return Manner.of(scene.known).after(MANNER_KEY)
    if heard.how is not How.SPEECH:
        return None
    choice = scene.meant(heard.speech, MANNER_CHOICES)
    is_request = node.choices() and len(heard.speech.split()) <= _LONGEST_REQUEST
    if choice is None and is_request and not scene.understood(heard.speech, node.choices()):
        choice = next(iter(scene.understood(heard.speech, ("slower", "plain_language"))), None)
    return Manner.of(scene.known).after(choice) if choice is not None else None


def _run(flows: FlowSet, position: Position, step: Step) -> Turn:
    """Go from step to step until one waits."""
    says: list[Say] = []
    effects: list[Effect] = []
    for _ in range(MAX_STEPS):
        says += step.says
        effects += step.effects
        if step.saves:
            position = position.knowing(step.saves)
        if step.wait is not None:
            return Turn(position.at(position.node, step.tries), step.wait, tuple(says), tuple(effects))
        assert step.to is not None
        position = position.at(step.to)
        step = flows.nodes[step.to].enter(Scene(flows, position))
    position = position.at(flows.human)
    return Turn(position, Ask("human", {"urgent": "no"}), tuple(says), tuple(effects))
