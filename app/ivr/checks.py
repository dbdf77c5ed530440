"""What must hold for flows before callers meet them: one small function a rule, each with what asks for it.

These look at the shape of the flows. That a flow can be read at all is the loader's concern.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Final

from app.domain.yaml_source import Fault
from app.ivr.fields import guess
from app.ivr.flow import FlowSet, Vocabulary
from app.ivr.graph import all_edges, circle, detours, edges_of_silence, edges_without_caller, reached
from app.ivr.loader import in_order
from app.ivr.manner import CHOICES as MANNER_CHOICES
from app.ivr.nodes.end import End
from app.ivr.nodes.human import Human
from app.ivr.nodes.look_up import LookUp
from app.ivr.nodes.menu import UNIVERSAL_CHOICES, Menu
from app.ivr.nodes.open_case import OpenCase

MAX_OPTIONS: Final = 5
FIRST_MENU_KINDS: Final = ("complaint", "cancellation", "recall")
BEGUN_BY_US: Final = "outreach"
"""The flow of calls that we begin, because of a recall."""
ANSWERED_BY_TEXT: Final = "outreach_text"
"""The flow of conversations by which somebody answers our text message about a recall."""
STANDING_PROMPTS: Final = (
    *("press", "press_language", "noinput", "nomatch", "goodbye"),
    *("manner_slow", "manner_plain", "manner_both", "manner_usual"),
)
"""Prompts that the interpreter speaks by itself."""


def check_flows(flows: FlowSet, words: Vocabulary, begins: tuple[str, ...] = ("main",)) -> list[Fault]:
    """Every fault of the flows, in the order of the files.

    Args:
        begins: the flows in which calls to us start; those that we begin start in `outreach`, answers
            to our texts in `outreach_text`.
    """
    shape = (fault for rule in RULES for fault in rule(flows))
    speech = (fault for fault in (*prompts_exist(flows, words), *choices_exist(flows)))
    menus = (fault for flow in begins for fault in first_menu(flows, flow))
    return in_order((*shape, *speech, *menus, *no_node_is_unreachable(flows, begins)))


def menus_are_short(flows: FlowSet) -> Iterator[Fault]:
    """At most five options, their keys from 1 in order without gaps.

    Source:
        law-and-standards.md §5.6: at most 4 to 5 options, keys in order without gaps.
    """
    for name, node in flows.nodes.items():
        if not isinstance(node, Menu):
            continue
        keys = list(node.options)
        if not 1 <= len(keys) <= MAX_OPTIONS:
            yield _fault(flows, name, f"{len(keys)} options; a menu has 1 to {MAX_OPTIONS}, move some to another menu")
        elif keys != [str(number) for number in range(1, len(keys) + 1)]:
            yield _fault(flows, name, f"keys {', '.join(keys)}; number them from 1 in order, without gaps")


def no_node_is_a_dead_end(flows: FlowSet) -> Iterator[Fault]:
    """From every node the call can come to an end or to a human."""
    ends = {name for name, node in flows.nodes.items() if isinstance(node, End | Human)}
    for name in flows.nodes:
        if not ends & reached(flows, [name], all_edges):
            yield _fault(flows, name, "no way leads from here to an end or to a human; add one")


def every_circle_waits(flows: FlowSet) -> Iterator[Fault]:
    """No circle runs without the caller doing something: it would run for ever (lessons.md: unbounded menus)."""
    around = circle({name: edges_without_caller(node) for name, node in flows.nodes.items()})
    if around:
        yield _fault(flows, around[0], f"runs in a circle without the caller: {' → '.join(around)}; let one node wait")


def silence_ends(flows: FlowSet) -> Iterator[Fault]:
    """Who says and presses nothing comes to an end, and is not asked for ever (lessons.md, surveda#324)."""
    graph = {name: set(edges_of_silence(node)) for name, node in flows.nodes.items()}
    for begin, back in detours(flows):
        graph[begin] = graph[begin] | {back}
    around = circle(graph)
    if around:
        yield _fault(flows, around[0], f"silence leads in a circle: {' → '.join(around)}; lead on_failure elsewhere")


def zero_leads_to_a_human(flows: FlowSet) -> Iterator[Fault]:
    """Key 0 asks the caller nothing before a human is rung for.

    Source:
        Decreto 11.034/2022 art. 4 §4.
    """
    if not isinstance(flows.nodes[flows.human], Human):
        yield _fault(flows, flows.human, "0 leads here, so this must be a `human:`, asking nothing before")


def danger_leads_to_a_human(flows: FlowSet) -> Iterator[Fault]:
    """Who says that somebody is hurt or in danger is asked nothing more before a human is rung for (issue 2, 3)."""
    for name, node in flows.nodes.items():
        if getattr(node, "save", "") == "hurt":
            ahead = reached(flows, [getattr(node, "yes", name)], edges_without_caller)
            if not any(isinstance(flows.nodes[each], Human) for each in ahead):
                yield _fault(flows, name, "a yes to `hurt` must lead to a `human:` without another question")


def no_match_leads_to_a_human(flows: FlowSet) -> Iterator[Fault]:
    """A recall that was not found is checked by a human, never given as an all-clear (P8)."""
    for name, node in flows.nodes.items():
        if isinstance(node, LookUp) and not node.owned:
            ahead = reached(flows, [node.none], edges_without_caller)
            if not any(isinstance(flows.nodes[each], Human) for each in ahead):
                yield _fault(flows, name, "`none` must lead to a `human:`; no match is no all-clear")


def first_menu(flows: FlowSet, flow: str) -> Iterator[Fault]:
    """The first thing a caller is asked is the subject, and complaint, cancellation and recall are recorded at once.

    So nobody identifies themselves before (T2), and no complaint is lost between the key and the record (T4).

    Source:
        S3; Decreto 11.034/2022 art. 4 §4, art. 5 II.
    """
    ahead = reached(flows, [flows.entries[flow]], edges_without_caller)
    asked = [name for name in ahead if flows.nodes[name].waits]
    menu = flows.nodes[asked[0]] if len(asked) == 1 else None
    if not isinstance(menu, Menu):
        yield _fault(flows, flows.entries[flow], "the first question must be one menu of subjects (S3)")
        return
    at_once = [reached(flows, [option.to], edges_without_caller) for option in menu.options.values()]
    opened = {_kind(flows, name) for names in at_once for name in names}
    for kind in FIRST_MENU_KINDS:
        if kind not in opened:
            yield _fault(flows, menu.name, f"no key opens a {kind} at once; add one that leads to `open_case` (S3, T4)")
    if not menu.announce_languages:
        yield _fault(flows, menu.name, "the first menu must say `announce_languages: yes`")


def no_node_is_unreachable(flows: FlowSet, begins: tuple[str, ...]) -> Iterator[Fault]:
    """Every node can be reached by some caller."""
    ours = [flows.entries[each] for each in (BEGUN_BY_US, ANSWERED_BY_TEXT) if each in flows.entries]
    seen = reached(flows, [*(flows.entries[flow] for flow in begins), *ours, flows.human], all_edges)
    for name in flows.nodes:
        if name not in seen:
            yield _fault(flows, name, "no call can come here; lead one here, or delete it")


def prompts_exist(flows: FlowSet, words: Vocabulary) -> Iterator[Fault]:
    """Every prompt is there in every language: nobody is silent in the middle of a call."""
    for language in flows.languages:
        for name, node in flows.nodes.items():
            for prompt in dict.fromkeys(node.prompts()):
                if not words.has(language, prompt):
                    known = [each for each in flows.slots if words.has(language, each)]
                    yield _fault(flows, name, f"prompt {prompt!r} is missing in {language}{guess(prompt, known)}")
        for prompt in STANDING_PROMPTS:
            if not words.has(language, prompt):
                yield Fault(f"prompts/{language}.yaml", 1, 1, f"prompt {prompt!r} is missing; it is always needed")


def choices_exist(flows: FlowSet) -> Iterator[Fault]:
    """What can be pressed can be said, in every language (law-and-standards.md §5.5: usable without keys)."""
    for language in flows.languages:
        sayable = {spoken.choice for spoken in flows.spoken[language]}
        for name, node in flows.nodes.items():
            for choice in dict.fromkeys(node.choices()):
                if choice not in sayable:
                    yield _fault(flows, name, f"no words for {choice!r} in {language}{guess(choice, sayable)}")
        for choice in (*UNIVERSAL_CHOICES, *MANNER_CHOICES):
            if choice not in sayable:
                yield Fault(f"prompts/{language}.yaml", 1, 1, f"no words for {choice!r}; they count anywhere")


RULES: Final[tuple[Callable[[FlowSet], Iterator[Fault]], ...]] = (
    menus_are_short,
    no_node_is_a_dead_end,
    every_circle_waits,
    silence_ends,
    zero_leads_to_a_human,
    danger_leads_to_a_human,
    no_match_leads_to_a_human,
)


def _kind(flows: FlowSet, name: str) -> str:
    node = flows.nodes[name]
    return node.kind if isinstance(node, OpenCase) else ""


def _fault(flows: FlowSet, name: str, problem: str) -> Fault:
    return flows.places[name].fault(f"{name}: {problem}")
