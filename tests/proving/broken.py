"""The shipped flows, and ways to break them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from app.ivr.flow import FlowNode, FlowSet, Scene, Step
from app.ivr.nodes.menu import Menu
from app.ivr.nodes.say import SayPrompt
from app.ivr.nodes.speech import Speech
from app.ivr.turn import Heard
from app.ivr.words import Words
from app.proving.prompt_classes import PromptClasses
from app.proving.rule import SpokenWords


@dataclass(frozen=True)
class AlteredWords:
    """Words of which some are missing, too long or the wrong way round."""

    words: SpokenWords
    missing: frozenset[tuple[str, str]] = frozenset()
    long: frozenset[tuple[str, str]] = frozenset()
    key_first: frozenset[tuple[str, str]] = frozenset()
    softened: frozenset[tuple[str, str]] = frozenset()
    cut: frozenset[tuple[str, str]] = frozenset()

    @property
    def languages(self) -> Collection[str]:
        return self.words.languages

    def has(self, language: str, prompt: str) -> bool:
        return (language, prompt) not in self.missing and self.words.has(language, prompt)

    def slots(self, prompt: str) -> Collection[str]:
        return self.words.slots(prompt)

    def choices(self, language: str) -> Mapping[str, str]:
        return self.words.choices(language)

    def seconds(self, language: str, prompt: str) -> float:
        return 21.0 if (language, prompt) in self.long else self.words.seconds(language, prompt)

    def sentences(self, language: str, prompt: str) -> int:
        return self.words.sentences(language, prompt)

    def wordings(self, language: str, prompt: str) -> tuple[str, ...]:
        said = self.words.wordings(language, prompt)
        if (language, prompt) in self.cut:
            return tuple(text.partition(".")[0] for text in said)
        return tuple(f"{text} voluntary" for text in said) if (language, prompt) in self.softened else said

    def names_key_first(self, language: str, prompt: str) -> bool:
        return (language, prompt) in self.key_first or self.words.names_key_first(language, prompt)


@dataclass(frozen=True)
class Shipped:
    """Flows with all that belongs to them."""

    flows: FlowSet
    words: SpokenWords | Words
    classes: PromptClasses = field(default_factory=PromptClasses)
    of_hotline: Mapping[str, Any] = field(default_factory=dict)  # what is changed of the hotline


Break = Callable[[Shipped], Shipped]


def node(name: str, **changes: Any) -> Break:
    """Change fields of a node."""
    return lambda it: _with(it, name, replace(it.flows.nodes[name], **changes))


def instead(name: str, to: str) -> Break:
    """Take a node out: the call goes on elsewhere."""
    return lambda it: _with(it, name, SayPrompt(name=name, prompt=(), next=to))


def becomes(name: str, made: Callable[[Mapping[str, FlowNode]], FlowNode]) -> Break:
    """Put another node in its place."""
    return lambda it: _with(it, name, made(it.flows.nodes))


def option(menu: str, key: str, **changes: Any) -> Break:
    """Change an option of a menu."""

    def made(it: Shipped) -> Shipped:
        options = _menu(it, menu).options
        return _with(it, menu, replace(_menu(it, menu), options={**options, key: replace(options[key], **changes)}))

    return made


def without_option(menu: str, key: str) -> Break:
    """Drop an option of a menu; the others move up."""

    def made(it: Shipped) -> Shipped:
        left = [each for pressed, each in _menu(it, menu).options.items() if pressed != key]
        options = {str(number): each for number, each in enumerate(left, 1)}
        return _with(it, menu, replace(_menu(it, menu), options=options))

    return made


def keys(menu: str, *pressed: str) -> Break:
    """Give a menu's options other keys; the first one again if there are more keys than options."""

    def made(it: Shipped) -> Shipped:
        each = list(_menu(it, menu).options.values())
        options = {key: each[number % len(each)] for number, key in enumerate(pressed)}
        return _with(it, menu, replace(_menu(it, menu), options=options))

    return made


def beginning(at: str) -> Break:
    """Let calls begin elsewhere."""
    return lambda it: replace(it, flows=replace(it.flows, entries={**it.flows.entries, "main": at}))


def human_at(name: str) -> Break:
    """Let 0 lead elsewhere."""
    return lambda it: replace(it, flows=replace(it.flows, human=name))


def mute(choice: str, language: str) -> Break:
    """Forget what callers may say for a choice."""

    def made(it: Shipped) -> Shipped:
        left = tuple(each for each in it.flows.spoken[language] if each.choice != choice)
        return replace(it, flows=replace(it.flows, spoken={**it.flows.spoken, language: left}))

    return made


def words(**changes: frozenset[tuple[str, str]]) -> Break:
    """Alter what is spoken."""
    return lambda it: replace(it, words=AlteredWords(it.words, **changes))


def advertising(*prompts: str) -> Break:
    """Let prompts be advertising."""
    return lambda it: replace(it, classes=replace(it.classes, advertising=frozenset(prompts)))


def hotline(**changes: Any) -> Break:
    """Change what the hotline file says."""
    return lambda it: replace(it, of_hotline={**it.of_hotline, **changes})


def one_after_the_other(*breaks: Break) -> Break:
    """One after the other."""

    def made(it: Shipped) -> Shipped:
        for each in breaks:
            it = each(it)
        return it

    return made


def asked_first(made: FlowNode) -> Break:
    """Put a question before the first menu."""
    return one_after_the_other(becomes(made.name, lambda _: made), node("main.welcome", next=made.name))


def nested_menus(depth: int) -> Break:
    """Put the menu of information so many menus deep."""

    def made(it: Shipped) -> Shipped:
        menu = _menu(it, "information.start")
        for number in range(1, depth + 1):
            options = {"1": replace(menu.options["1"], to=f"deep.{number + 1}")} if number < depth else menu.options
            it = _with(it, f"deep.{number}", replace(menu, name=f"deep.{number}", options=options))
        return option("main.subject", "5", to="deep.1")(it)

    return made


def keys_not_taken(name: str) -> Break:
    """Let a question take words only."""
    return becomes(
        name, lambda nodes: _OnlySpeech(**{each.name: getattr(nodes[name], each.name) for each in fields(Speech)})
    )


class _OnlySpeech(Speech):
    type = ""

    def answer(self, scene: Scene, heard: Heard) -> Step | None:
        return None if heard.keys else Speech.answer(self, scene, heard)


def _menu(it: Shipped, name: str) -> Menu:
    found = it.flows.nodes[name]
    assert isinstance(found, Menu)
    return found


def _with(it: Shipped, name: str, made: FlowNode) -> Shipped:
    return replace(it, flows=replace(it.flows, nodes={**it.flows.nodes, name: made}))
