"""Ten thousand forged requests against the real application: none gets in, none breaks it, nothing is changed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from random import Random
from urllib.parse import urlsplit

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.models.base import Base
from app.settings import Settings
from app.simulator.signature import sign
from app.simulator.transport import Params, Reply, WsgiTransport
from app.simulator.webhook import Webhook
from tests.conftest import AUTH_TOKEN
from tests.telephony.resplit import is_fooled, resplits

FORGERIES = 5_000  # on each of the two databases
CORA = "+4915112345678"


@pytest.fixture
def office(settings: Settings) -> Iterator[VirtualOffice]:
    opened = VirtualOffice(settings)
    yield opened
    opened.close()


@pytest.fixture
def captured(office: VirtualOffice) -> list[Webhook]:
    """Genuine webhooks of every kind, from a complaint, a wait in the queue and a kept promise."""
    office.hire("Ada", "+493012345671")
    call = office.call(CORA)
    call.press("1").press("1").press("1").say("Ein Wasserkocher").press("1").say("Er brannte.").press("#")
    call.press("0")
    office.run(minutes=2)
    call.hang_up()
    office.call("+4915112345679").press("1").hang_up()
    office.carrier.text("+4915112345670", office.number, "Mein Kessel brennt")
    office.run(minutes=20)
    return [one for one in office.carrier.webhooks if one.method == "POST"]


def rows(office: VirtualOffice) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table."""
    with office.runtime.database.reads() as session:
        return {
            table.name: [tuple(row) for row in session.execute(sa.select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }


def send(office: VirtualOffice, url: str, params: Params, signature: str | None, **headers: str) -> Reply:
    given = {"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8", **headers}
    if signature is not None:
        given["X-Twilio-Signature"] = signature
    return WsgiTransport(office.app)("POST", url, params, given)


class Forger:
    """Makes requests that Twilio never sent out of such as it did."""

    def __init__(self, captured: list[Webhook], seed: int) -> None:
        self.captured, self.dice = captured, Random(seed)
        self.ways = [way for name, way in vars(Forger).items() if name.startswith("by_")]
        self.used: Counter[str] = Counter()
        self.split = {id(one): _worth_it(one) for one in captured[:40]}

    def forge(self) -> tuple[str, Params, str | None, dict[str, str]]:
        one, way = self.dice.choice(self.captured), self.dice.choice(self.ways)
        params = list(one.params.items())
        genuine = sign(AUTH_TOKEN, one.url, params)
        url, changed, signature, headers = way(self, one, params, genuine)
        if (url, sorted(changed), signature) == (one.url, sorted(params), genuine):
            return self.forge()  # the dice left it as it was
        self.used[way.__name__] += 1
        return url, changed, signature, headers

    def by_changing_a_value(self, one, params, genuine):
        place = self.dice.randrange(len(params))
        name, value = params[place]
        value = self.dice.choice([value + "1", value[:-1], "", "\x00", "Ünï🙂", "+4930999", "9" * 400])
        return one.url, [*params[:place], (name, value), *params[place + 1 :]], genuine, {}

    def by_adding(self, one, params, genuine):
        extra = self.dice.choice([("Digits", "0"), ("X", ""), ("CallSid", "CA" + "0" * 32), ("", "1"), ("Ä", "ö")])
        return one.url, [*params, extra], genuine, {}

    def by_removing(self, one, params, genuine):
        place = self.dice.randrange(len(params))
        return one.url, [*params[:place], *params[place + 1 :]], genuine, {}

    def by_duplicating(self, one, params, genuine):
        name, value = self.dice.choice(params)
        return one.url, [*params, (name, value + "x")], genuine, {}

    def by_resplitting(self, one, params, genuine):
        ready = self.dice.choice([one for one in self.captured if self.split.get(id(one))])
        forged = self.dice.choice(self.split[id(ready)])
        return ready.url, forged, sign(AUTH_TOKEN, ready.url, list(ready.params.items())), {}

    def by_another_address(self, one, params, genuine):
        parts = urlsplit(one.url)
        other = self.dice.choice(
            [
                one.url.replace("127.0.0.1:18000", "evil.example"),
                one.url.replace("http://", "https://"),
                one.url.replace(":18000", ":18001"),
                one.url.replace(parts.path, parts.path.replace("/voice", "/Voice").replace("/messages", "/Messages")),
                one.url + "/",
                one.url + "?x=1",
            ]
        )
        return one.url, params, sign(AUTH_TOKEN, other, params), {"X-Forwarded-Host": urlsplit(other).netloc}

    def by_another_token(self, one, params, genuine):
        token = self.dice.choice(
            ["", "0" * 32, AUTH_TOKEN.upper(), AUTH_TOKEN + " ", f"{self.dice.getrandbits(128):032x}"]
        )
        return one.url, params, sign(token, one.url, params), {}

    def by_another_header(self, one, params, genuine):
        odd = [None, "", " ", "=", "a" * 28, genuine[:-1], genuine.lower(), genuine + "=", "\xff\xfe", "x" * 9000]
        return one.url, params, self.dice.choice(odd), {"X-Twilio-Signature-Sha256": genuine}

    def by_another_account(self, one, params, genuine):
        other = [(name, "AC" + "6" * 32 if name == "AccountSid" else value) for name, value in params]
        return one.url, other, sign(AUTH_TOKEN, one.url, other), {}

    def by_size(self, one, params, genuine):
        big = [*params, ("Big", "x" * self.dice.choice((66_000, 200_000)))]
        return one.url, big, self.dice.choice((genuine, sign(AUTH_TOKEN, one.url, big))), {}

    def by_another_call(self, one, params, genuine):
        other = self.dice.choice(self.captured)
        if other.url == one.url or other.call == one.call:
            return one.url, params, None, {}
        return other.url, params, genuine, {}


def _worth_it(one: Webhook) -> list[Params]:
    """The other splits of a request that would change something that is read."""
    params = list(one.params.items())
    return [forged for forged in resplits(params) if is_fooled(params, forged)]


def test_no_forged_request_is_let_in(office: VirtualOffice, captured: list[Webhook]) -> None:
    seed = len(office.runtime.database.engine.dialect.name)  # other forgeries on each database
    forger = Forger(captured, seed=seed)
    before = rows(office)

    answers = Counter()
    for _ in range(FORGERIES):
        url, params, signature, headers = forger.forge()
        reply = send(office, url, params, signature, **headers)
        answers[(reply.status, reply.body)] += 1

    assert set(answers) <= {(403, b"")}, answers
    assert min(forger.used.values()) > FORGERIES / 30, forger.used
    assert rows(office) == before


def test_a_captured_request_replayed_changes_nothing(office: VirtualOffice, captured: list[Webhook]) -> None:
    before = rows(office)

    for one in captured:
        params = list(one.params.items())
        reply = send(office, one.url, params, sign(AUTH_TOKEN, one.url, params))
        assert reply.status == 200
        if "/voice/turn/" in one.url or "/voice/incoming" in one.url:
            assert reply.body.decode() == one.document

    assert rows(office) == before
