"""What docs/api.md says that one can do, one can do."""

from __future__ import annotations

import json
import re
import shlex
from pathlib import Path

import pytest

from app.domain.clock import SystemClock
from app.domain.told_event import EVENTS
from app.outgoing.signature import new_secret, signed_headers
from app.services.add_token import add_token
from app.web.api.writing import WRITES

TEXT = (Path(__file__).parents[2] / "docs/api.md").read_text("utf-8")
BASE = "https://hotline.example.org"


def examples(language):
    return re.findall(rf"```{language}\n(.*?)```", TEXT, flags=re.DOTALL)


def asked(command, known):
    """A curl command as method, path, headers and body."""
    words = shlex.split(re.sub(r"\$(\w+)", lambda found: str(known[found[1]]), command))
    options, path, method = iter(words[1:]), "", "GET"
    headers, body = {}, None
    for word in options:
        if word == "-X":
            method = next(options)
        elif word == "-H":
            name, _, value = next(options).partition(": ")
            headers[name] = value
        elif word == "-d":
            body = next(options)
        else:
            path = word.removeprefix(BASE)
    return {"method": method, "path": path, "headers": headers, "data": body}


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_every_example_does_what_it_says(web, runtime, staff):
    scopes = ["cases", "cases:write", "promises:write", "numbers:write"]
    with runtime.database.sessions.begin() as session:
        token = add_token(session, "web site", scopes=scopes, acts_for=staff["Max"], wall_now=runtime.wall.now())
    known, statuses = {"TOKEN": token}, []
    for block in examples("sh"):
        for command in re.split(r"(?m)^(?=curl )", block.replace("\\\n", " ")):
            if not command.strip():
                continue
            answer = web.test_client().open(**asked(command, known))
            statuses.append(answer.status_code)
            told = answer.get_json()
            if "PROTOCOL" not in known:
                known |= {"PROTOCOL": told["protocol"], "PROMISE": told["promise"]["id"]}

    assert statuses == [201, 201, 201, 200, 200]
    assert (told["protocol"], told["promise"]["status"]) == (known["PROTOCOL"], "withdrawn")


def test_the_script_in_the_document_knows_our_signatures_and_refuses_others():
    (script,) = examples("python")
    names = {}
    exec(script, names)
    secret, body, now = new_secret(), b'{"type":"promise.kept"}', round(SystemClock().now().timestamp())
    headers = signed_headers("msg_1", now, body, [new_secret(), secret])
    is_ours = names["is_ours"]

    assert is_ours(secret, headers, body)
    assert not is_ours(secret, headers, body + b" ")
    assert not is_ours(new_secret(), headers, body)
    assert not is_ours(secret, {**headers, "webhook-id": "msg_2"}, body)
    assert not is_ours(secret, signed_headers("msg_1", now - 301, body, [secret]), body)


def test_the_document_names_every_write_and_every_event():
    written = {re.sub(r"<(?:int:)?(\w+)>", "", kind.rule).rstrip("/").rpartition("/")[2] for kind, _ in WRITES}

    assert [word for word in written if f"/{word}" not in TEXT] == []
    assert [event for event in EVENTS if f"`{event}`" not in TEXT] == []
    assert all(json.loads(each)["type"] in EVENTS for each in examples("json"))
