"""A simulated office on the phone network of this process, whose web and clocks are processes that die."""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlsplit

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.cli.simulation.killed.deaths import Death, Deaths, Fate
from app.cli.simulation.killed.house import HOST, House
from app.cli.simulation.killed.told_time import TellingClock
from app.cli.tick_sight import NEVER
from app.cli.virtual_office import VirtualOffice
from app.jobs.ticks import TICKS, Tick
from app.settings import Settings
from app.simulator.carrier import Carrier
from app.simulator.faults import Faults
from app.simulator.server import create_simulator
from app.simulator.transport import ConnectionFailed, HttpTransport, Params, Reply

_SECOND_LOOK: Final = timedelta(seconds=0.5)  # after a death: when the others tick again
_CLOCKS: Final = {"clock 1": (1,), "clock 2": (2,), "both clocks": (1, 2), "everybody": (1, 2)}
_WORTHWHILE: Final = ("start attempts", "send", "reconcile")
"""The ticks in which clocks die: those that speak with the network."""


class DyingWeb:
    """The way to a web process that may be killed while it answers, and is started again."""

    def __init__(self, house: House, deaths: Deaths, clock: TellingClock) -> None:
        """Speak HTTP to it."""
        self._house, self._deaths, self._clock = house, deaths, clock
        self._http = HttpTransport()
        self.requests = 0
        self._is_fresh = True  # not yet asked since it was started; it dies a second time only after one answer

    def __call__(self, method: str, url: str, params: Params, headers: Mapping[str, str]) -> Reply:
        """Send one request, or find nobody there.

        Raises:
            ConnectionFailed: if the process is dead or dies over it; it is started again then.
        """
        if not self._house.has_web:
            self._start_again()
            raise ConnectionFailed("nobody listens")
        self.requests += 1
        fate = None if self._is_fresh else self._deaths.due(self.requests, ("web",))
        self._is_fresh = False
        begun = time.perf_counter()
        if fate is None:
            reply = self._http(method, url, params, headers)
            self._deaths.lasted("web", time.perf_counter() - begun)
            return reply
        end = threading.Timer(fate.share * self._deaths.usual("web"), self._house.kill_web)
        end.start()
        answered: Reply | None = None
        with contextlib.suppress(ConnectionFailed):
            answered = self._http(method, url, params, headers)
        seconds = time.perf_counter() - begun
        end.join()
        path = urlsplit(url).path
        death = Death(self._clock.now(), fate.victim, path, seconds * 1000, "", answered is None)
        self._deaths.happened(death)
        if answered is not None:
            return answered
        self._start_again()
        raise ConnectionFailed("it died over this")

    def _start_again(self) -> None:
        self._http.close()
        self._house.start_web()
        self._house.await_web()
        self._is_fresh = True


class ProcessOffice(VirtualOffice):
    """As the virtual office, but every webhook is answered and every tick is run by another process.

    Time stands still while any of them works, so that only deaths make a difference to the same week in one process.
    """

    def __init__(
        self,
        settings: Settings,
        house: House,
        deaths: Deaths,
        *,
        time_file: Path,
        now: datetime,
        seed: int,
        faults: Faults | None = None,
    ) -> None:
        """Open the office and start its processes.

        Args:
            time_file: where they read the time.
            now: aware; when it begins.
        """
        clock = TellingClock(time_file, now)
        super().__init__(settings, clock=clock, seed=seed, faults=faults, silent=True, unproved=True)
        self._house, self._deaths = house, deaths
        self._web = DyingWeb(house, deaths, clock)
        self.carrier.postman.transport = self._web
        self.carrier.api_url = settings.twilio_api_url
        self._door = Door(self.carrier)
        self._network = _serve(self._door, settings.twilio_api_url)
        self._down: list[tuple[datetime, int]] = []  # clocks to be started again, and when
        self._look_again_at: datetime | None = None  # what a dead one had half done, the others find
        house.start_web()
        for place in house.places:
            house.prepare_clock(place)
            house.let_in(place)
        house.await_web()

    def _run_to_webhook(self, stop: datetime) -> bool:
        came = super()._run_to_webhook(stop)
        if came:
            self.forget()  # another process has answered, of which no event tells
        return came

    def _next_stop(self, longest: timedelta) -> datetime:
        """Also when somebody is started again; and not before, if nobody is there to tick."""
        stops = [at for at, _ in self._down]
        if self._look_again_at is not None:
            stops.append(self._look_again_at)
        if self._house.living:
            stops.append(super()._next_stop(longest))
        return max(self.clock.now(), min(stops))

    def _tick(self, ticks: Iterable[Tick]) -> None:
        now = self.clock.now()
        back = [place for at, place in self._down if at <= now]
        for place in back:
            self._house.let_in(place)
        self._down = [each for each in self._down if each[0] > now]
        again = self._look_again_at is not None and self._look_again_at <= now
        if not self._house.living:
            self._look_again_at = None  # whoever is started again looks at everything
            return
        if back or again:
            self._look_again_at = None
            ticks = [tick for tick in TICKS if tick.name not in NEVER and not tick.is_upkeep]
            self._seen_situation = None
        super()._tick(ticks)

    def _run(self, tick: Tick) -> object:
        self.forget()  # another process runs it
        return self._run_elsewhere(tick)

    def _run_elsewhere(self, tick: Tick) -> object:
        places = self._house.living
        if not places:
            return False
        fate = self._deaths.due(self._web.requests, _CLOCKS) if tick.name in _WORTHWHILE else None
        victims = tuple(place for place in _CLOCKS[fate.victim] if place in places) if fate else ()
        begun = time.perf_counter()
        if fate is None or not victims:
            self._house.prompt(tick.name, places)
            found = self._house.answers(places)
            if found:
                self._deaths.lasted(tick.name, time.perf_counter() - begun)
            return found
        if fate.moment == "in its work":
            self._house.prompt(tick.name, places)
            time.sleep(fate.share * self._deaths.usual(tick.name))
            self._bury(fate, victims, tick.name, begun)
            return self._house.answers(places) or True  # the others look at the same once more
        self._door.arm(fate.moment, lambda: self._house.strike(victims))
        self._house.prompt(tick.name, victims)  # so that it is one of them who asks the network
        while not self._house.have_answered(victims) and not self._door.has_struck:
            time.sleep(0.001)
        if self._door.disarm():
            self._bury(fate, victims, tick.name, begun)
        return self._house.answers(victims) or True

    def _bury(self, fate: Fate, victims: tuple[int, ...], work: str, begun: float) -> None:
        milliseconds = (time.perf_counter() - begun) * 1000
        busy = [self._house.kill_clock(place) for place in victims]
        if fate.victim == "everybody":
            self._house.kill_web()
        now = self.clock.now()
        in_the_middle = any(busy) or fate.moment != "in its work"
        self._deaths.happened(Death(now, fate.victim, work, milliseconds, fate.moment, in_the_middle))
        for place in victims:
            self._house.prepare_clock(place)
            self._down.append((now + fate.down, place))
        self._look_again_at = now + _SECOND_LOOK

    def close(self) -> None:
        """End every process, and close the office."""
        self._house.stop()
        self._network.shutdown()
        self._network.server_close()
        super().close()


class Door:
    """The way to the network's REST API, at which a clock may be killed: before its request is done, or after."""

    def __init__(self, carrier: Carrier) -> None:
        """Lead to a carrier."""
        self._app = create_simulator(carrier)
        self._lock = threading.Lock()
        self._armed: tuple[str, Callable[[], None]] | None = None
        self.has_struck = False

    def arm(self, moment: str, strike: Callable[[], None]) -> None:
        """Strike at the next request."""
        with self._lock:
            self._armed, self.has_struck = (moment, strike), False

    def disarm(self) -> bool:
        """Strike no more; whether that is done already, and the request, too."""
        with self._lock:
            self._armed = None
            return self.has_struck

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Any:
        """Answer one request."""
        with self._lock:
            armed, self._armed = self._armed, None
            self.has_struck |= armed is not None
            if armed is not None and armed[0] == "before its request":
                armed[1]()
                start_response("503 Service Unavailable", [])
                return []  # nobody hears it
            answer = list(self._app(environ, start_response))
            if armed is not None:
                armed[1]()
            return answer


class _Quiet(WSGIRequestHandler):
    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def _serve(door: Door, url: str) -> BaseWSGIServer:
    server = make_server(HOST, urlsplit(url).port or 80, door, threaded=True, request_handler=_Quiet)
    threading.Thread(target=server.serve_forever, name="phone-network", daemon=True).start()
    return server
