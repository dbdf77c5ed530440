"""A customer writes in the terminal (S7)."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli import local_env
from app.cli.text import text

CUSTOMER, OFFICE = "+4915112345678", "+493012345600"


class Network(BaseHTTPRequestHandler):
    """A phone network on which whoever is written to answers twice what was written."""

    texts: list[dict[str, str]]

    def do_GET(self) -> None:
        self._answer({"items": self.texts})

    def do_POST(self) -> None:
        sent = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = {"from": sent["to"], "to": sent["from"], "body": f"You wrote: {sent['body']}"}
        self.texts.extend((sent, answer))
        self._answer({"id": "SM1"})

    def _answer(self, found: dict[str, object]) -> None:
        body = json.dumps(found).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing is said about it."""


@pytest.fixture
def network() -> Iterator[str]:
    Network.texts = [{"from": OFFICE, "to": CUSTOMER, "body": "An older message."}]
    server = ThreadingHTTPServer(("127.0.0.1", 0), Network)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    server.server_close()


def written(monkeypatch: pytest.MonkeyPatch, folder: Path, api: str, typed: str) -> Result:
    addresses = {"PUBLIC_URL": "http://127.0.0.1:8000", "TWILIO_API_URL": api}
    for name, value in local_env.write(folder / "local.env", addresses).items():
        monkeypatch.setenv(name, value)
    return CliRunner().invoke(text, ["--from", CUSTOMER], input=typed)


def test_what_is_written_is_answered_and_older_texts_are_not_told_again(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, network: str
) -> None:
    result = written(monkeypatch, tmp_path, network, "Hallo\n1\n\n")

    assert result.exit_code == 0
    assert result.output.splitlines()[1::2][:2] == ["You wrote: Hallo", "You wrote: 1"]
    assert "older" not in result.output


def test_without_a_local_network_it_says_what_to_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = written(monkeypatch, tmp_path, "http://127.0.0.1:9", "Hallo\n\n")

    assert result.exit_code == 1
    assert "the local phone network does not answer" in result.output
