"""Ways to break the shipped flows, by the rule that must see it; each is one change that somebody could make."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Final

from app.domain.hotline import Shift
from app.ivr.nodes.branch import Branch
from app.ivr.nodes.gather import GatherDigits
from app.ivr.nodes.open_case import OpenCase
from app.ivr.nodes.phone import Phone
from app.ivr.nodes.set import SetAnswer
from app.ivr.nodes.speech import Speech
from app.ivr.nodes.text import TextMessage
from tests.proving.broken import (
    Break,
    advertising,
    asked_first,
    becomes,
    beginning,
    hotline,
    human_at,
    instead,
    keys,
    keys_not_taken,
    mute,
    nested_menus,
    node,
    one_after_the_other,
    option,
    without_option,
    words,
)

_SUBJECT: Final = {"next": "main.subject", "on_failure": "main.subject"}
_NINE_TO_SIX: Final = ((time(9), time(18)),)


@dataclass(frozen=True)
class Broken:
    """One broken variant."""

    what: str
    hotline: str  # that shows it
    breaks: Break


def de(what: str, *breaks: Break) -> Broken:
    return Broken(what, "haushalt", one_after_the_other(*breaks))


def br(what: str, *breaks: Break) -> Broken:
    return Broken(what, "sac", one_after_the_other(*breaks))


def given(name: str, value: str, to: str) -> Break:
    """An answer is set instead of asked for."""
    return becomes(name, lambda _: SetAnswer(name=name, save="consent", value=value, next=to))


def by_hours(name: str, closed: str, opened: str) -> Break:
    """A call goes another way while nobody is there."""
    return becomes(name, lambda _: Branch(name=name, on="open", cases={"no": closed}, otherwise=opened))


def promised(*prompts: str) -> Break:
    """What a complaint with a promise hears at the end."""
    return node("complaint.accepted", prompt=prompts)


BROKEN: Final[Mapping[str, tuple[Broken, ...]]] = {
    "always-answered": (
        br("outside the hours a farewell", by_hours("main.welcome", "information.goodbye", "main.subject")),
        de("another menu at night", by_hours("main.welcome", "information.start", "main.subject")),
        br("closed, and the way leads nowhere", by_hours("main.welcome", "main.closed", "main.subject")),
    ),
    "bounded": (
        de("silence asks the menu again", node("main.subject", on_failure="main.subject")),
        de(
            "two menus send the silent to and fro",
            node("information.start", on_failure="main.subject"),
            node("main.subject", on_failure="information.start"),
        ),
        br("a question is asked without end", node("complaint.kinds", max_tries=10**6)),
        de("a menu with nine tries", node("main.subject", max_tries=9)),
        de("a circle of announcements", node("human.closed", next="human.closed")),
        br("who leaves the queue is queued again", node("human.left", cases={}, otherwise="human.start")),
    ),
    "cancellation-at-once": (
        br("a cancellation is asked about first", option("main.subject", "2", to="information.start")),
        de("it is recorded as a complaint", node("cancellation.open", kind="complaint")),
        de("a human must be spoken to first", option("main.subject", "2", to="human.start")),
        br("the contract is asked for before the record", option("main.subject", "2", to="cancellation.order")),
    ),
    "cancellation-short": (
        de("its number is never told", node("cancellation.recorded", prompt=(), next="complaint.goodbye")),
        br(
            "no number is told at any end",
            node("cancellation.recorded", prompt=()),
            node("cancellation.more", prompt=()),
            node("complaint.closing", prompt=()),
            node("complaint.closing_without", prompt=()),
        ),
        br("its receipt is never sent", instead("cancellation.finish", "cancellation.goodbye")),
        de("its receipt takes five keys", option("cancellation.more", "1", to="cancellation.later")),
    ),
    "cancellation-consequence": (
        de("it is told again", node("cancellation.receipt_text", next="cancellation.consequence")),
        br("it is a speech", words(long=frozenset({("en", "consequence.energy")}))),
        de("the way of returning is missing", words(missing=frozenset({("en", "returns.parcel")}))),
        de("it is missing in a language", words(missing=frozenset({("bs", "consequence.appliance")}))),
    ),
    "complaint-kept": (
        de("it is not recorded", instead("complaint.open", "complaint.regret")),
        de("it is recorded as information", node("complaint.open", kind="information")),
        br("it is recorded as a cancellation", option("main.subject", "1", to="cancellation.open")),
        de(
            "it is recorded after the questions",
            instead("complaint.open", "complaint.complained"),
            becomes(
                "complaint.explained",
                lambda _: OpenCase(name="complaint.explained", kind="complaint", next="complaint.text"),
            ),
        ),
        de("it is sent to information", option("main.subject", "1", to="information.start")),
    ),
    "complaint-told": (
        de("no T6 with a promise", promised("complaint_procedure", "complaint_solution", "promise_due")),
        de("no T7 with a promise", promised("complaint_accepted", "complaint_solution", "promise_due")),
        de("no T8 with a promise", promised("complaint_accepted", "complaint_procedure", "promise_due")),
        br("no T9 with a promise", promised("complaint_accepted", "complaint_procedure", "complaint_solution")),
        br(
            "no T9 without a promise",
            node(
                "complaint.accepted_without_call",
                prompt=("complaint_accepted", "complaint_procedure", "complaint_solution"),
            ),
        ),
        de("nothing is told after 0", node("human.closed", next="human.goodbye")),
        de("hang up after a failed story", node("complaint.story_words", on_failure="complaint.goodbye")),
    ),
    "first-menu": (
        br("no complaint in it", without_option("main.subject", "1")),
        br("no cancellation in it", without_option("main.subject", "2")),
        de("no recall in it", without_option("main.subject", "3")),
        br("complaint in the second menu", option("main.subject", "1", to="information.start")),
        br("cancellation leads to a human", option("main.subject", "2", to="human.start")),
        de("calls begin with information", beginning("information.start")),
    ),
    "human-near": (
        de("0 leads back to the menu", human_at("main.subject")),
        br("0 leads to information", human_at("information.start")),
        de("nobody there, and no offer", node("human.closed", next="human.goodbye")),
        de("three keys to a promise", option("human.offer_own", "1", to="human.offer")),
        br("who complained must confirm first", node("human.complained_case", otherwise="callback.start")),
    ),
    "humans-daily": (
        br("closed on Sundays", hotline(opening=dict.fromkeys(range(6), _NINE_TO_SIX))),
        br(
            "seven hours on Saturdays",
            hotline(opening={**dict.fromkeys(range(7), _NINE_TO_SIX), 5: ((time(9), time(16)),)}),
        ),
        br("nobody there on holidays", hotline(holiday_hours=())),
        br("closed on Christmas Eve", hotline(closed_on=frozenset({date(2026, 12, 24)}))),
        br(
            "one shift that ends at four",
            hotline(staffing=(Shift(2, ("pt-BR",), dict.fromkeys(range(7), ((time(9), time(16)),))),)),
        ),
        br(
            "two shifts with a gap",
            hotline(
                staffing=tuple(
                    Shift(1, ("pt-BR",), dict.fromkeys(range(7), ((time(begins), time(begins + 3)),)))
                    for begins in (9, 14)
                )
            ),
        ),
    ),
    "identity-later": (
        br(
            "a number is asked for first",
            asked_first(GatherDigits(name="main.who", prompt=("order",), save="order", **_SUBJECT)),
        ),
        br("calls begin with the matter", beginning("matter.ask")),
        de(
            "the callers' own words first",
            asked_first(Speech(name="main.who", prompt=("product",), save="name", **_SUBJECT)),
        ),
        br(
            "a telephone number first",
            asked_first(
                Phone(name="main.who", prompt=("other_number",), save="phone", skip="main.subject", **_SUBJECT)
            ),
        ),
        de("0 leads to the question for a number", human_at("callback.other")),
    ),
    "issue-once": (
        de("the story is asked for twice", node("complaint.story_record", next="complaint.story_words")),
        de("the story is asked for again after the remedy", node("complaint.remedy", on_failure="complaint.story")),
        br("the kinds are asked for twice", node("complaint.hurt", no="complaint.kinds")),
        br("the product is asked for again after the kinds", node("complaint.kinds", on_failure="complaint.product")),
        de("a correction is a second question", option("complaint.correct", "3", then=None)),
    ),
    "keys-alone": (
        de("a question without keys", keys_not_taken("complaint.product")),
        br("nothing but words ends a question", keys_not_taken("complaint.story_words")),
    ),
    "menu-depth": (de("menus in menus in menus", nested_menus(3)),),
    "menu-size": (
        de("six options", keys("main.subject", "1", "2", "3", "4", "5", "#")),
        br("a gap between the keys", keys("complaint.kinds", "1", "2", "3", "5")),
        br("keys in another order", keys("complaint.kinds", "2", "1", "3", "4")),
        de("a menu without options", keys("information.start")),
    ),
    "no-advertising": (
        br("in the welcome", advertising("welcome")),
        br("in the queue", advertising("wait.rights")),
        de("at the end", advertising("goodbye")),
        de("in the text message of a complaint", advertising("text_complaint")),
        br(
            "in a text message of its own",
            advertising("text_promise"),
            becomes(
                "complaint.regret",
                lambda _: TextMessage(name="complaint.regret", prompt="text_promise", next="complaint.consent"),
            ),
        ),
        de(
            "silence taken for consent to it",
            advertising("goodbye"),
            becomes(
                "complaint.consent_silent",
                lambda _: SetAnswer(
                    name="complaint.consent_silent", save="advertising", value="granted", next="complaint.goodbye"
                ),
            ),
        ),
    ),
    "no-dead-end": (
        de("an unknown node", node("complaint.regret", next="complaint.regert")),
        br("a key that leads nowhere", option("matter.menu", "1", to="matter.tel")),
        de("failure leads nowhere", node("complaint.about", on_failure="gone")),
        br("the end of the queue leads nowhere", node("human.start", left="gone")),
    ),
    "prompts-complete": (
        de("a prompt missing in English", words(missing=frozenset({("en", "remedy")}))),
        br("a text message missing in Bosnian", words(missing=frozenset({("bs", "text_complaint")}))),
        de("an option without its purpose", option("main.subject", "4", purpose="nameless")),
        br("nothing to say in the queue", words(missing=frozenset({("pt-BR", "wait.place")}))),
    ),
    "prompts-short": (
        de("a prompt that is too long", words(long=frozenset({("pt-BR", "danger")}))),
        br("a purpose that is too long", words(long=frozenset({("de", "to_recall")}))),
    ),
    "purpose-first": (
        de("a prompt that names the key first", words(key_first=frozenset({("de", "human_hint")}))),
        br("an option that does", words(key_first=frozenset({("bs", "press")}))),
    ),
    "recall-notice": (
        de("a word that lessens the risk", words(softened=frozenset({("de", "recall_exact")}))),
        br("nothing but a heading", words(cut=frozenset({("en", "safety_notice")}))),
    ),
    "recording-consent": (
        de(
            "announced where it must be asked",
            node("complaint.consent", cases={}, otherwise="complaint.consent_announced"),
        ),
        de("silence taken for consent", given("complaint.consent_silent", "granted", "complaint.about")),
        de("consent taken for granted", given("complaint.consent", "granted", "complaint.about")),
        de("a no taken for a yes", option("complaint.consent_ask", "2", value="granted")),
        de("no way on without a recording", without_option("complaint.consent_ask", "2")),
        br("recorded, but not announced", instead("complaint.consent_announced", "complaint.consent_noted")),
    ),
    "silence": (
        de("it leads nowhere", node("complaint.hurt", on_failure="gone")),
        de("it hangs up without a word", node("information.start", on_failure="human.done")),
    ),
    "speech-alone": (
        de("the word for no is missing", mute("no", "de")),
        br("nobody can say cancellation", mute("cancellation", "pt-BR")),
        de("nobody can ask for a human by words", mute("human", "bs")),
        br("nobody can say recall in English", mute("recall", "en")),
        de("English cannot be asked for in German", mute("language_en", "de")),
        de("a number can only be keyed", node("cancellation.order", spoken=False)),
    ),
}
"""Rule → what breaks it."""
