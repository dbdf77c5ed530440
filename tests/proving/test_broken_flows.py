"""The shipped flows are proved; broken in one place by program, each by the rule that should see it, they are not."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from app.domain.hotline import Hotline
from app.ivr.nodes.gather import GatherDigits
from app.ivr.nodes.open_case import OpenCase
from app.ivr.nodes.set import SetAnswer
from app.ivr.nodes.speech import Speech
from app.proving.explore import explore
from app.proving.office import beginnings
from app.proving.profile import profile_of
from app.proving.prove import consent_modes, prove_all
from app.proving.rule import Subject, Verdict
from app.proving.rules import rules
from tests.proving import broken
from tests.proving.broken import Break, Shipped

TODAY: Final = date(2026, 3, 2)
WHO: Final = GatherDigits(
    name="main.who", prompt=("order",), save="order", next="main.subject", on_failure="human.start"
)


def ask_who(before: str) -> Break:
    """Put the question for a contract number between two nodes."""
    return broken.both(
        broken.becomes("main.who", lambda _: WHO),
        broken.node(before, next="main.who"),
    )


def set_to(name: str, value: str, to: str) -> Break:
    return broken.becomes(name, lambda _: SetAnswer(name=name, save="consent", value=value, next=to))


BROKEN: Final[dict[str, tuple[str, str, Break]]] = {
    # what was done: the hotline that shows it, the rule that must see it, how
    "no complaint in the first menu": ("sac", "first-menu", broken.without_option("main.subject", "1")),
    "no cancellation in the first menu": ("sac", "first-menu", broken.without_option("main.subject", "2")),
    "no recall in the first menu": ("haushalt", "first-menu", broken.without_option("main.subject", "3")),
    "complaint in the second menu": ("sac", "first-menu", broken.option("main.subject", "1", to="information.start")),
    "cancellation leads to a human": ("sac", "first-menu", broken.option("main.subject", "2", to="human.start")),
    "calls begin with information": ("haushalt", "first-menu", broken.beginning("information.start")),
    "a number is asked for first": ("sac", "identity-later", ask_who("main.welcome")),
    "calls begin with the matter": ("sac", "identity-later", broken.beginning("matter.ask")),
    "the callers' own words first": (
        "haushalt",
        "identity-later",
        broken.both(
            broken.becomes(
                "main.who",
                lambda _: Speech(
                    name="main.who", prompt=("product",), save="name", next="main.subject", on_failure="main.subject"
                ),
            ),
            broken.node("main.welcome", next="main.who"),
        ),
    ),
    "0 leads to the question for a number": ("haushalt", "identity-later", broken.human_at("callback.other")),
    "0 leads back to the menu": ("haushalt", "human-near", broken.human_at("main.subject")),
    "0 leads to information": ("sac", "human-near", broken.human_at("information.start")),
    "nobody there, and no offer": ("haushalt", "human-near", broken.node("human.closed", next="human.goodbye")),
    "three keys to a promise": ("haushalt", "human-near", broken.option("human.offer_own", "1", to="human.offer")),
    "who complained must confirm first": (
        "sac",
        "human-near",
        broken.node("human.complained_case", otherwise="callback.start"),
    ),
    "silence asks the menu again": ("haushalt", "bounded", broken.node("main.subject", on_failure="main.subject")),
    "two menus send the silent to and fro": (
        "haushalt",
        "bounded",
        broken.both(
            broken.node("information.start", on_failure="main.subject"),
            broken.node("main.subject", on_failure="information.start"),
        ),
    ),
    "a question is asked without end": ("sac", "bounded", broken.node("complaint.kinds", max_tries=10**6)),
    "a menu with nine tries": ("haushalt", "bounded", broken.node("main.subject", max_tries=9)),
    "a circle of announcements": ("haushalt", "bounded", broken.node("human.closed", next="human.closed")),
    "an unknown node": ("haushalt", "no-dead-end", broken.node("complaint.regret", next="complaint.regert")),
    "a key that leads nowhere": ("sac", "no-dead-end", broken.option("matter.menu", "1", to="matter.tel")),
    "failure leads nowhere": ("haushalt", "no-dead-end", broken.node("complaint.about", on_failure="gone")),
    "silence leads nowhere": ("haushalt", "silence", broken.node("complaint.hurt", on_failure="gone")),
    "silence hangs up without a word": (
        "haushalt",
        "silence",
        broken.node("information.start", on_failure="human.done"),
    ),
    "the complaint is not recorded": (
        "haushalt",
        "complaint-kept",
        broken.instead("complaint.open", "complaint.regret"),
    ),
    "it is recorded as information": ("haushalt", "complaint-kept", broken.node("complaint.open", kind="information")),
    "it is recorded as a cancellation": (
        "sac",
        "complaint-kept",
        broken.option("main.subject", "1", to="cancellation.open"),
    ),
    "it is recorded after the questions": (
        "haushalt",
        "complaint-kept",
        broken.both(
            broken.instead("complaint.open", "complaint.complained"),
            broken.becomes(
                "complaint.explained",
                lambda _: OpenCase(name="complaint.explained", kind="complaint", next="complaint.text"),
            ),
        ),
    ),
    "a cancellation is asked about before it is recorded": (
        "sac",
        "cancellation-at-once",
        broken.option("main.subject", "2", to="information.start"),
    ),
    "a cancellation is recorded as a complaint": (
        "haushalt",
        "cancellation-at-once",
        broken.node("cancellation.open", kind="complaint"),
    ),
    "the number of a cancellation is never told": (
        "haushalt",
        "cancellation-short",
        broken.node("cancellation.recorded", next="complaint.goodbye"),
    ),
    "a complaint sent to information": (
        "haushalt",
        "complaint-kept",
        broken.option("main.subject", "1", to="information.start"),
    ),
    "no T6 with a promise": (
        "haushalt",
        "complaint-told",
        broken.node("complaint.accepted", prompt=("complaint_procedure", "complaint_solution", "promise_due")),
    ),
    "no T7 with a promise": (
        "haushalt",
        "complaint-told",
        broken.node("complaint.accepted", prompt=("complaint_accepted", "complaint_solution", "promise_due")),
    ),
    "no T8 with a promise": (
        "haushalt",
        "complaint-told",
        broken.node("complaint.accepted", prompt=("complaint_accepted", "complaint_procedure", "promise_due")),
    ),
    "no T9 with a promise": (
        "sac",
        "complaint-told",
        broken.node("complaint.accepted", prompt=("complaint_accepted", "complaint_procedure", "complaint_solution")),
    ),
    "no T9 without a promise": (
        "sac",
        "complaint-told",
        broken.node(
            "complaint.accepted_without_call",
            prompt=("complaint_accepted", "complaint_procedure", "complaint_solution"),
        ),
    ),
    "nothing is told after 0": ("haushalt", "complaint-told", broken.node("human.closed", next="human.goodbye")),
    "hang up after a failed story": (
        "haushalt",
        "complaint-told",
        broken.node("complaint.story_words", on_failure="complaint.goodbye"),
    ),
    "six options": ("haushalt", "menu-size", broken.keys("main.subject", "1", "2", "3", "4", "5", "#")),
    "a gap between the keys": ("sac", "menu-size", broken.keys("complaint.kinds", "1", "2", "3", "5")),
    "a menu without options": ("haushalt", "menu-size", broken.keys("information.start")),
    "menus in menus in menus": (
        "haushalt",
        "menu-depth",
        broken.both(
            *(
                broken.becomes(
                    f"deep.{number}",
                    lambda nodes, number=number: broken.replace(  # type: ignore[misc]
                        nodes["information.start"],
                        name=f"deep.{number}",
                        options={
                            "1": broken.replace(nodes["information.start"].options["1"], to=f"deep.{number + 1}")  # type: ignore[attr-defined]
                        },
                    ),
                )
                for number in (1, 2)
            ),
            broken.becomes("deep.3", lambda nodes: broken.replace(nodes["information.start"], name="deep.3")),
            broken.option("main.subject", "5", to="deep.1"),
        ),
    ),
    "a prompt that names the key first": (
        "haushalt",
        "purpose-first",
        broken.words(key_first=frozenset({("de", "human_hint")})),
    ),
    "a prompt missing in English": (
        "haushalt",
        "prompts-complete",
        broken.words(missing=frozenset({("en", "remedy")})),
    ),
    "a text message missing in Bosnian": (
        "sac",
        "prompts-complete",
        broken.words(missing=frozenset({("bs", "text_complaint")})),
    ),
    "an option without its purpose": (
        "haushalt",
        "prompts-complete",
        broken.option("main.subject", "4", purpose="nameless"),
    ),
    "a prompt that is too long": ("haushalt", "prompts-short", broken.words(long=frozenset({("pt-BR", "danger")}))),
    "a purpose that is too long": ("sac", "prompts-short", broken.words(long=frozenset({("de", "to_recall")}))),
    "advertising in the welcome": ("sac", "no-advertising", broken.advertising("welcome")),
    "advertising in the queue": ("sac", "no-advertising", broken.advertising("wait.rights")),
    "advertising at the end": ("haushalt", "no-advertising", broken.advertising("goodbye")),
    "announced where it must be asked": (
        "haushalt",
        "recording-consent",
        broken.node("complaint.consent", cases={}, otherwise="complaint.consent_announced"),
    ),
    "silence taken for consent": (
        "haushalt",
        "recording-consent",
        set_to("complaint.consent_silent", "granted", "complaint.about"),
    ),
    "consent taken for granted": (
        "haushalt",
        "recording-consent",
        set_to("complaint.consent", "granted", "complaint.about"),
    ),
    "a no taken for a yes": (
        "haushalt",
        "recording-consent",
        broken.option("complaint.consent_ask", "2", value="granted"),
    ),
    "no way on without a recording": (
        "haushalt",
        "recording-consent",
        broken.without_option("complaint.consent_ask", "2"),
    ),
    "recorded, but not announced": (
        "sac",
        "recording-consent",
        broken.instead("complaint.consent_announced", "complaint.consent_noted"),
    ),
    "the story is asked for twice": (
        "haushalt",
        "issue-once",
        broken.node("complaint.story_record", next="complaint.story_words"),
    ),
    "the story is asked for again after the remedy": (
        "haushalt",
        "issue-once",
        broken.node("complaint.remedy", on_failure="complaint.story"),
    ),
    "the kinds are asked for twice": (
        "sac",
        "issue-once",
        broken.node("complaint.hurt", no="complaint.kinds"),
    ),
    "a correction is a second question": (
        "haushalt",
        "issue-once",
        broken.option("complaint.correct", "3", then=None),
    ),
    "the word for no is missing": ("haushalt", "speech-alone", broken.mute("no", "de")),
    "nobody can say cancellation": ("sac", "speech-alone", broken.mute("cancellation", "pt-BR")),
    "nobody can ask for a human by words": ("haushalt", "speech-alone", broken.mute("human", "bs")),
    "a number can only be keyed": ("haushalt", "speech-alone", broken.node("cancellation.order", spoken=False)),
    "a question without keys": (
        "haushalt",
        "keys-alone",
        broken.becomes("complaint.product", lambda nodes: _by_speech_only(nodes["complaint.product"])),
    ),
    "nothing but words ends a question": (
        "sac",
        "keys-alone",
        broken.becomes("complaint.story_words", lambda nodes: _by_speech_only(nodes["complaint.story_words"])),
    ),
}


class _OnlySpeech(Speech):
    """Takes no key for an answer."""

    type = ""

    def answer(self, scene, heard):  # type: ignore[no-untyped-def]
        return None if heard.keys else Speech.answer(self, scene, heard)


def _by_speech_only(speech: object) -> _OnlySpeech:
    assert isinstance(speech, Speech)
    return _OnlySpeech(
        name=speech.name, prompt=speech.prompt, save=speech.save, next=speech.next, on_failure=speech.on_failure
    )


def verdict_on(it: Shipped, hotline: Hotline, rule: str) -> Verdict:
    graph = explore(it.flows, hotline, beginnings(consent_modes(hotline, on=TODAY)))
    subject = Subject(graph, it.words, it.classes, profile_of(hotline.jurisdiction))
    return next(each for each in rules() if each.name == rule).prove(subject)


def test_the_shipped_flows_are_proved(shipped: Shipped, hotlines: dict[str, Hotline]) -> None:
    reports = prove_all(shipped.flows, shipped.words, shipped.classes, hotlines.values(), on=TODAY)

    refuted = [
        (report.hotline, rule.name, verdict)
        for report in reports
        for rule, verdict in report.verdicts
        if not verdict.proved
    ]
    assert refuted == []
    assert [report.hotline for report in reports] == ["haushalt", "sac"]


@pytest.mark.parametrize("what", BROKEN)
def test_what_is_broken_is_refuted_by_its_rule(what: str, shipped: Shipped, hotlines: dict[str, Hotline]) -> None:
    hotline, rule, breaks = BROKEN[what]

    verdict = verdict_on(breaks(shipped), hotlines[hotline], rule)

    assert not verdict.proved, verdict.evidence


def test_every_rule_has_something_that_breaks_it() -> None:
    assert {rule for _, rule, _ in BROKEN.values()} == {rule.name for rule in rules()}
    assert len(BROKEN) >= 40
