"""One POST: never longer, farther or more than it may."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator

import pytest

from app.outgoing.post import NoAnswer, post
from tests.outgoing.receiver import Receiver


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    other = Receiver()
    yield other
    other.close()


def test_a_redirect_is_an_answer_and_is_not_followed(receiver: Receiver) -> None:
    receiver.status, receiver.headers = 307, {"Location": receiver.url + "/elsewhere"}

    assert post(receiver.url, b"{}", {"X-A": "b"}, may_be_private=True) == 307
    assert [(headers["x-a"], body) for headers, body in receiver.got] == [("b", b"{}")]


def test_whoever_is_slow_away_or_a_neighbour_gives_no_answer(
    receiver: Receiver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.outgoing.post.SECONDS", 0.2)
    receiver.answers.clear()
    for url, private, cause in (
        (receiver.url, True, "no answer in time"),
        ("http://127.0.0.1:9/", True, "does not take connections"),
        ("https://no-such-host.invalid/", False, "name of the host"),
        (receiver.url, False, "only machines beside ours"),
    ):
        with pytest.raises(NoAnswer, match=cause):
            post(url, b"{}", {}, may_be_private=private)
    assert len(receiver.got) == 1


def test_who_answers_drop_by_drop_is_cut_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.outgoing.post.LONGEST", 0.5)
    server = socket.create_server(("127.0.0.1", 0))

    def drip() -> None:
        line, _ = server.accept()
        with line:
            try:
                line.sendall(b"HTTP/1.1 200 OK\r\n")
                for _ in range(50):
                    line.sendall(b"X-Drop: 1\r\n")
                    threading.Event().wait(0.1)
            except OSError:
                return

    thread = threading.Thread(target=drip, daemon=True)
    thread.start()
    with server, pytest.raises(NoAnswer, match="no answer in time"):
        post(f"http://127.0.0.1:{server.getsockname()[1]}/", b"{}", {}, may_be_private=True)
    thread.join()
