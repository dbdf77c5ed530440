"""An office that dies as the network is asked to dial, and is started again on the same database.

One process stands for web and clock together. It dies before or after the network has done what it was asked, so that
nothing behind that line is ever run; webhooks find nobody until it is started again.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any, Final

from app.cli.virtual_office import VirtualOffice
from app.jobs.ticks import Office, Tick
from app.runtime import Runtime
from app.simulator.transport import ConnectionFailed, Params, Reply, Transport, WsgiTransport
from app.telephony.port import FoundLeg, Phone
from app.web.app import create_app

_DOWN: Final = (timedelta(seconds=20), timedelta(seconds=70))  # office time until it is started again, in turn


class ProcessDeath(BaseException):
    """The process is no more; nothing catches this but whoever starts another."""


class MortalPhone:
    """The phone network as the office sees it; at some dials the process dies, before or after the network acted."""

    def __init__(self, phone: Phone, deaths: Mapping[int, str]) -> None:
        self._phone = phone
        self._deaths = dict(deaths)
        self.dials = 0

    def dial(self, to: str, **how: Any) -> str:
        self.dials += 1
        moment = self._deaths.pop(self.dials, "")
        if moment == "before":
            raise ProcessDeath
        network_id = self._phone.dial(to, **how)
        if moment == "after":
            raise ProcessDeath
        return network_id

    def find(self, to: str, *, since: datetime) -> list[FoundLeg]:
        return self._phone.find(to, since=since)

    def leg(self, network_id: str) -> FoundLeg | None:
        return self._phone.leg(network_id)

    def hang_up(self, network_id: str) -> None:
        self._phone.hang_up(network_id)

    def send_text(self, to: str, *, from_number: str, body: str, status_url: str) -> str:
        return self._phone.send_text(to, from_number=from_number, body=body, status_url=status_url)

    def recording(self, network_id: str) -> bytes:
        return self._phone.recording(network_id)

    def redirect(self, network_id: str, url: str) -> None:
        self._phone.redirect(network_id, url)

    def delete_recording(self, network_id: str) -> None:
        self._phone.delete_recording(network_id)


@dataclass(slots=True)
class Death:
    """One death that was died."""

    at: datetime
    moment: str  # before, after: the network did what it was asked
    up_again_at: datetime


class MortalOffice:
    """Keeps a virtual office running through its deaths."""

    def __init__(self, office: VirtualOffice, deaths: Mapping[int, str]) -> None:
        self.office = office
        self.died: list[Death] = []
        self._moments = list(deaths.values())
        self.phone = MortalPhone(office.office.phone, deaths)
        office.office.phone = self.phone
        self._alive: Transport = office.carrier.postman.transport
        self._is_up = True
        office.carrier.postman.transport = self._send
        self._run_tick = office._run
        office._run = self._run  # type: ignore[method-assign]

    def _send(self, method: str, url: str, params: Params, headers: Mapping[str, str]) -> Reply:
        if not self._is_up:
            raise ConnectionFailed("nobody listens")
        return self._alive(method, url, params, headers)

    def _run(self, tick: Tick) -> object:
        if not self._is_up:
            if self.office.clock.now() < self.died[-1].up_again_at:
                return None
            self._restart()
        try:
            return tick.run(self.office.office)
        except ProcessDeath:
            number = len(self.died)
            down = _DOWN[number % len(_DOWN)]
            now = self.office.clock.now()
            self.died.append(Death(now, self._moments[number], now + down))
            self._is_up = False
            return None

    def _restart(self) -> None:
        office = self.office
        info = office.runtime.database.sessions.kw["info"]
        office.runtime.close()
        speech = office.runtime.speech
        runtime = Runtime.build(office.runtime.settings, clock=office.clock, wall=office.clock, unproved=True)
        office.runtime = replace(runtime, speech=speech)
        office.runtime.database.sessions.configure(info=info)
        office.app = create_app(office.runtime)
        self._alive = WsgiTransport(office.app)
        office.office = Office(office.runtime, self.phone)
        office.watch()
        self._is_up = True
