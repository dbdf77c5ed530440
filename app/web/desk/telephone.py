"""The softphone: an agent's telephone in the browser, in a window of its own that stays while pages come and go."""

from __future__ import annotations

from typing import Any, Final

from flask import Blueprint, Response, jsonify, make_response, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Answer

from app.domain.errors import Conflict, NotFound
from app.domain.role import Permission
from app.models.staff import Staff
from app.services.softphone import TOKEN_LASTS, choose_softphone, close_softphone, keep_open
from app.telephony.port import Softphones
from app.web.access import needs
from app.web.auth import staff
from app.web.headers import opened_for_telephone
from app.web.show import phone
from app.web.webhooks.gate import runtime
from app.web.words import say

SDK: Final = "vendor/twilio-voice-2.18.5.min.js"
"""Twilio's browser SDK, as it was published; how it is renewed: docs/decisions/0026-a-telephone-in-the-browser.md."""

SDK_DIGEST: Final = "sha256-NdPLGyLjCfmIRySoklCuzS3k8VVq17Z6e8XgbHPct0o="
_KEYS: Final = ("1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "0", "#")


def add_views(bp: Blueprint) -> None:
    """Add the page and what it asks for."""
    bp.add_url_rule("/telephone", view_func=telephone)
    bp.add_url_rule("/telephone/choice", view_func=choose_telephone, methods=["POST"])
    bp.add_url_rule("/telephone/token", view_func=telephone_token, methods=["POST"])
    bp.add_url_rule("/telephone/state", view_func=telephone_state, methods=["POST"])


@needs(Permission.WORK)
def telephone() -> Response:
    """The softphone; only this page may use the microphone and speak to the phone network."""
    network = runtime().softphones()
    page = make_response(
        render_template(
            "desk/telephone.html",
            is_set_up=network is not None,
            local_network=network.local_network if network is not None else "",
            sdk=SDK,
            digest=SDK_DIGEST,
            keys=_KEYS,
            hotlines=_hotlines(),
            words=_words(),
        )
    )
    if network is not None and staff().rings_softphone:
        opened_for_telephone(page, network.origins)
    return page


@needs(Permission.WORK)
def choose_telephone() -> Answer:
    """Ring in the browser, or at the number."""
    is_wanted = request.form.get("where") == "browser"
    if is_wanted:
        _network()
    with runtime().database.sessions.begin() as session:
        choose_softphone(session, session.get_one(Staff, staff().id), is_wanted=is_wanted)
    return redirect(url_for("desk.telephone"), 303)


@needs(Permission.WORK)
def telephone_token() -> Response:
    """A token by which this page is rung for the next minutes; each one stands in the audit trail."""
    rt, network = runtime(), _network()
    wall_now = rt.wall.now()
    with rt.database.sessions.begin() as session:
        me = session.get_one(Staff, staff().id)
        if not me.rings_softphone or me.softphone_name is None:
            raise Conflict("you are rung at your number; choose the browser first")
        token = network.token(me.softphone_name, wall_now=wall_now, until=wall_now + TOKEN_LASTS)
    return jsonify({"token": token, "seconds": int(TOKEN_LASTS.total_seconds())})


@needs(Permission.WORK)
def telephone_state() -> Response:
    """The page says every half minute that it can be rung, and when it no longer can; it hears which call it is in."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        if request.form.get("open") == "yes":
            is_wanted = keep_open(session, staff().id, wall_now=rt.wall.now())
        else:
            close_softphone(session, staff().id)
            is_wanted = staff().rings_softphone
    key = staff().engaged_with
    call = url_for("desk.live", key=key) if key else None
    return jsonify({"wanted": is_wanted, "available": staff().available, "call": call})


def _network() -> Softphones:
    network = runtime().softphones()
    if network is None:
        raise NotFound("telephone in the browser")
    return network


def _hotlines() -> dict[str, str]:
    """What calls, by its number."""
    return {number: f"{each.company.name} · {phone(number)}" for each in runtime().hotlines for number in each.numbers}


def _words() -> dict[str, Any]:
    """What the script says, in the language of the page."""
    return {
        "connecting": say("Connecting with the phone network …"),
        "ready": say("This browser rings when a call comes."),
        "away": say("This browser rings. You are away, so no call comes by itself."),
        "ringing": say("It rings"),
        "answering": say("Connecting you …"),
        "talking": say("You are on the line. Leaving this page ends the call."),
        "muted": say("You are muted: nobody hears you."),
        "over": say("The call is over."),
        "mute": say("Mute"),
        "unmute": say("Speak again"),
        "heard": say("Heard"),
        "said": say("You"),
        "pressed": say("Pressed"),
        "logged out": say(
            "You are logged out, so this browser does not ring. Log in at the desk, then reload this page."
        ),
        "not wanted": say("You chose to be rung at your number. This page can be closed."),
        "office": say("The office cannot be reached. It is tried again by itself."),
        "offline": say(
            "The phone network cannot be reached, so this browser does not ring. It is tried again by itself;"
            " until then you are rung at your number."
        ),
        "refused": say("The phone network does not accept this browser. An administrator must check the API key."),
        "no script": say("The telephone could not be loaded. Reload this page."),
        "microphone needed": say("Allow the microphone, so that callers can hear you."),
        "microphone ready": say("The microphone may be used."),
        "microphone denied": say(
            "The browser does not let this page use the microphone. Allow it in the address bar, then reload the page;"
            " until then callers cannot hear you."
        ),
        "microphone missing": say("No microphone was found. Connect one, then try again."),
        "words for sound": say("In this local run there is no sound: read what is said, and type what you say."),
    }  # fmt: skip
