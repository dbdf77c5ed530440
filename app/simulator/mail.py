"""A mail server for local runs: takes every letter, shows it, and delivers it to nobody; it can be busy or refusing.

`aiosmtpd` speaks SMTP; here is only what becomes of the letters. Nothing here is Twilio's.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from typing import Any, Final

from aiosmtpd.controller import Controller
from flask import Blueprint, Response, abort, jsonify, render_template_string, request

MOODS: Final = {"well": "250 OK", "busy": "451 try again later", "refusing": "550 no such mailbox"}
_PAGE: Final = """<!doctype html><html lang="en"><meta charset="utf-8">
<meta name="viewport" content="width=device-width"><title>Letters</title><style>
:root{color-scheme:light dark;font:1rem/1.5 system-ui,sans-serif}
body{max-width:44rem;margin:2rem auto;padding:0 1rem}
article{border:1px solid #8886;border-radius:.5rem;padding:.25rem 1rem;margin:1rem 0}
pre{white-space:pre-wrap;overflow-wrap:anywhere;font:inherit}
dt{font-weight:600;float:left;margin-right:.5em}dd{margin:0;overflow-wrap:anywhere}</style>
<main><h1>Letters</h1>
{% for each in letters | reverse %}<article lang="{{ each.language }}"><h2>{{ each.subject }}</h2>
<dl><dt lang="en">From</dt><dd>{{ each.from }}</dd><dt lang="en">To</dt><dd>{{ each.to }}</dd></dl>
<pre>{{ each.body }}</pre></article>{% else %}<p>No letter has come yet.</p>{% endfor %}</main></html>"""


@dataclass
class MailBox:
    """Every letter that came, repetitions too; `mood` says how the server behaves."""

    mood: str = "well"
    letters: list[EmailMessage] = field(default_factory=list)
    asked: int = 0

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802 - aiosmtpd calls it
        """Take a letter, or not; gives the reply."""
        return self.take(envelope.content)

    def take(self, content: bytes) -> str:
        """Take a letter, or not; gives the reply of the server."""
        self.asked += 1
        if self.mood == "well":
            letter = message_from_bytes(content, policy=default)
            assert isinstance(letter, EmailMessage)
            self.letters.append(letter)
        return MOODS[self.mood]

    def different(self) -> list[EmailMessage]:
        """Every letter once, as a reader's mail program shows it, that knows repetitions by their Message-ID."""
        return list({str(each["Message-ID"]): each for each in self.letters}.values())


def serve(box: MailBox, host: str, port: int) -> Controller:
    """Listen; `stop()` of what is returned ends it. `server.sockets` of it tells the port."""
    controller = Controller(box, hostname=host, port=port)
    controller.start()
    return controller


def shown(letter: EmailMessage) -> dict[str, str]:
    """A letter as the page and its readers see it."""
    names = {"id": "Message-ID", "from": "From", "to": "To", "subject": "Subject", "language": "Content-Language"}
    return {**{name: str(letter[header]) for name, header in names.items()}, "body": letter.get_content()}


def mail_routes(box: MailBox) -> Blueprint:
    """The letters at `GET /mail`, for programs at `GET /mail/letters`, the mood at `POST /mail/mood`."""
    routes = Blueprint("mail", __name__, url_prefix="/mail")

    @routes.get("")
    def page() -> str:
        return render_template_string(_PAGE, letters=[shown(each) for each in box.letters])

    @routes.get("/letters")
    def letters() -> Response:
        return jsonify({"mood": box.mood, "letters": [shown(each) for each in box.letters]})

    @routes.post("/mood")
    def mood() -> Response:
        wanted = (request.get_json(silent=True) or {}).get("mood")
        if wanted not in MOODS:
            abort(400, f"mood is none of: {', '.join(MOODS)}")
        box.mood = wanted
        return jsonify({"mood": box.mood})

    return routes
