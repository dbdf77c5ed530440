"""Letters over SMTP.

`smtps://name:password@host` is encrypted from the first byte; `smtp://name:password@host:587` demands STARTTLS, except
on a loopback address. Nothing is ever sent over the network unencrypted.
"""

from __future__ import annotations

import hashlib
import smtplib
import ssl
from email.message import EmailMessage
from email.utils import format_datetime
from typing import Final
from urllib.parse import SplitResult, unquote, urlsplit

from app.mail.port import Letter, LetterNotTaken

SECONDS: Final = 8  # for each answer of the server
_PORTS: Final = {"smtp": 587, "smtps": 465}
_FOR_GOOD: Final = 500  # SMTP: replies from 500 on will be the same next time


def write(letter: Letter) -> EmailMessage:
    """The letter as it goes out."""
    domain = letter.from_address.rpartition("@")[2]
    message = EmailMessage()
    message["Message-ID"] = f"<{hashlib.sha256(letter.key.encode()).hexdigest()[:32]}@{domain}>"
    message["Date"] = format_datetime(letter.written_at)
    message["From"] = f'"{letter.from_name.replace(chr(34), "")}" <{letter.from_address}>'
    message["To"] = letter.to
    message["Subject"] = letter.subject
    message["Content-Language"] = letter.language
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office notes, please
    message.set_content(letter.body)
    return message


class SmtpServer:
    """A mail server that takes letters at one URL."""

    def __init__(self, url: str, *, is_local: bool) -> None:
        """Know where to send; nothing is asked of the server yet.

        Args:
            is_local: whether only this machine can reach it, so that nothing need be encrypted.
        """
        self._url: SplitResult = urlsplit(url)
        self._is_local = is_local

    def send(self, letter: Letter) -> str:
        """Hand over one letter; see `MailServer.send`."""
        try:
            message = write(letter)
            with self._connected() as server:
                server.send_message(message)
        except smtplib.SMTPRecipientsRefused as refusal:
            code = next(iter(refusal.recipients.values()))[0]
            raise LetterNotTaken(f"the address was refused with {code}", hopeless=code >= _FOR_GOOD) from refusal
        except smtplib.SMTPResponseException as refusal:
            code = refusal.smtp_code
            raise LetterNotTaken(f"refused with {code}", hopeless=code >= _FOR_GOOD) from refusal
        except (OSError, smtplib.SMTPException) as error:
            raise LetterNotTaken(type(error).__name__, hopeless=False) from error
        except (ValueError, IndexError) as error:  # what Python's library says to an address that is none
            raise LetterNotTaken("it cannot be written as a letter", hopeless=True) from error
        return str(message["Message-ID"])

    def _connected(self) -> smtplib.SMTP:
        host, port = self._url.hostname or "", self._url.port or _PORTS[self._url.scheme]
        secure = ssl.create_default_context()
        server: smtplib.SMTP
        if self._url.scheme == "smtps":
            server = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=secure)
        else:
            server = smtplib.SMTP(host, port, timeout=SECONDS)
        try:
            if self._url.scheme == "smtp" and not self._is_local:
                server.starttls(context=secure)
            if self._url.username:
                server.login(unquote(self._url.username), unquote(self._url.password or ""))
        except BaseException:
            server.close()
            raise
        return server
