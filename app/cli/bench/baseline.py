"""The yardstick: Twilio's classic IVR shape, written as its tutorials are, without a database.

Flask, `VoiceResponse` for the document, `RequestValidator` in a decorator around each view. It reads the key that was
pressed and answers with the next menu; addresses look like ours, so that both sides get requests of the same size.

Source:
    Twilio, "IVR phone tree with Python and Flask" and "Secure your Flask app by validating incoming Twilio requests".
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import Final

from flask import Flask, Response, abort, request
from twilio.request_validator import RequestValidator
from twilio.twiml.voice_response import Gather, VoiceResponse

from app.settings import environment

View = Callable[..., Response]
_MENUS: Final = {
    "1": "Es geht um ein Produkt. Bitte sagen Sie nach dem Signalton in einem Satz, um welches Produkt es geht. "
    "Zum Beispiel: Wasserkocher, Modell zwei. Für einen Menschen drücken Sie die Null.",
    "2": "Was sollen wir tun? Für das Geld zurück, drücken Sie die 1. Für eine Reparatur, drücken Sie die 2. "
    "Für einen Ersatz, drücken Sie die 3. Für einen Nachlass, drücken Sie die 4. Für etwas anderes, drücken Sie die 5.",
    "": "Um was für eine Beschwerde handelt es sich? Für Unzufriedenheit mit dem Produkt oder der Leistung, drücken "
    "Sie die 1. Für das Verhalten von jemandem bei uns, drücken Sie die 2. Für einen Schaden, drücken Sie die 3. "
    "Für eine Änderung, die Sie wünschen, drücken Sie die 4.",
}


def validate_twilio_request(view: View) -> View:
    """Refuse what Twilio did not sign, as its tutorial does."""

    @wraps(view)
    def checked(*args: str | int, **named: str | int) -> Response:
        validator = RequestValidator(environment()["TWILIO_AUTH_TOKEN"])
        signature = request.headers.get("X-Twilio-Signature", "")
        return view(*args, **named) if validator.validate(request.url, request.form, signature) else abort(403)

    return checked


def twiml(response: VoiceResponse) -> Response:
    """The document as a Flask response."""
    answer = Response(str(response))
    answer.headers["Content-Type"] = "text/xml"
    return answer


def menu(text: str, address: str) -> Response:
    """Say `text`, and wait for a key or words."""
    response = VoiceResponse()
    gather = Gather(
        action=address,
        action_on_empty_result=True,
        timeout=6,
        input="dtmf speech",
        language="de-DE",
        speech_timeout="auto",
        num_digits=1,
    )
    gather.say(text, voice="Polly.Vicki-Neural", language="de-DE")
    response.append(gather)
    response.redirect(address)
    return twiml(response)


def create_app() -> Flask:
    """The application, for the server to make."""
    app = Flask(__name__)

    @app.post("/voice/incoming")
    @validate_twilio_request
    def incoming() -> Response:
        return menu(_MENUS[""], f"/voice/turn/{secrets.token_urlsafe(16)}/1")

    @app.post("/voice/turn/<key>/<int:number>")
    @validate_twilio_request
    def turn(key: str, number: int) -> Response:
        pressed = request.form.get("Digits", "")
        return menu(_MENUS.get(pressed, _MENUS[""]), f"/voice/turn/{key}/{number + 1}")

    return app
