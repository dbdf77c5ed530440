"""`scripts/hotline text`: a customer's text messages in the terminal, over the local phone network of `scripts/run`."""

from __future__ import annotations

import threading
from typing import Any, Final

import click
import requests

from app.runtime import read_settings
from app.settings import SettingsFault, is_loopback

_PATIENCE: Final = 10.0  # seconds of the machine until an answer is no longer waited for
_PAUSE: Final = 0.2
_CUSTOMER: Final = "+4915112345678"
_OFFICE: Final = "+493012345600"


@click.command()
@click.option("--from", "customer", default=_CUSTOMER, show_default=True, help="Who writes, E.164.")
@click.option("--to", "office", default=_OFFICE, show_default=True, help="The number of a hotline, E.164.")
def text(customer: str, office: str) -> None:
    """Write to a hotline, line by line, and read what it answers; an empty line ends it.

    `scripts/run` must be running. HELLO brings the menu, HELP tells how it works.
    """
    line = _Line(_network(), customer, office)
    while True:
        body = click.prompt(customer, default="", show_default=False, prompt_suffix="> ")
        if not body:
            return
        for answer in line.write(body):
            click.echo(answer)


def _network() -> str:
    try:
        address = read_settings().twilio_api_url
    except SettingsFault as fault:
        raise click.ClickException(str(fault)) from fault
    if not is_loopback(address):
        raise click.ClickException("only the local phone network takes texts from a terminal; start scripts/run")
    return address.rstrip("/")


class _Line:
    """The texts between one customer and one hotline."""

    def __init__(self, network: str, customer: str, office: str) -> None:
        self._network = network
        self._customer = customer
        self._office = office
        self._seen = len(self._answers())

    def write(self, body: str) -> list[str]:
        """Send a text; gives what came back, once something has."""
        message = {"from": self._customer, "to": self._office, "body": body}
        self._ask("POST", json=message)
        for _ in range(round(_PATIENCE / _PAUSE)):
            answers = self._answers()
            if len(answers) > self._seen:
                new, self._seen = answers[self._seen :], len(answers)
                return new
            threading.Event().wait(_PAUSE)
        return []

    def _answers(self) -> list[str]:
        texts = self._ask("GET", params={"number": self._customer})["items"]
        return [each["body"] for each in texts if each["to"] == self._customer]

    def _ask(self, method: str, **told: Any) -> dict[str, Any]:
        try:
            answer = requests.request(method, f"{self._network}/phone/api/texts", timeout=_PATIENCE, **told)
            answer.raise_for_status()
        except requests.RequestException as error:
            raise click.ClickException(f"the local phone network does not answer: {error}") from error
        found: dict[str, Any] = answer.json()
        return found
