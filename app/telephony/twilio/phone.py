"""The phone port on Twilio's REST API, by Twilio's own library with a time-out and a base URL of our choosing."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import requests
from twilio.base.exceptions import TwilioRestException
from twilio.http import HttpClient
from twilio.http.http_client import TwilioHttpClient
from twilio.http.response import Response
from twilio.rest import Client

from app.domain import telephone
from app.domain.call import LegStatus, is_over
from app.domain.errors import NetworkRefused, NetworkUnknown
from app.telephony.port import FoundLeg
from app.telephony.twilio.request import SOFTPHONE

_TIMEOUT_SECONDS: Final = 5.0  # the library's own default is none: a call could hang the clock for ever
_OFFICIAL: Final = "https://api.twilio.com"
_SOON: Final = frozenset({429, 503})  # refused for now; nothing was done
# Twilio's numbers for what can never succeed with the same number: invalid, not reachable, not allowed, opted out.
PERMANENT: Final = frozenset(
    {21201, 21211, 21212, 21213, 21214, 21215, 21216, 21217, 21219, 21408, 21602, 21604, 21606, 21608, 21610, 21612}
    | {21614, 13223, 13224, 13227}
)
_STATUS: Final = {"queued": LegStatus.INITIATED}


_OF_AGENT: Final[Mapping[str, Any]] = {"status_callback_event": ["initiated", "ringing", "answered", "completed"]}


def _of_campaign(answer_url: str) -> Mapping[str, Any]:
    """What is asked for a leg on which a machine may answer; who picks up while we are away for a moment is heard."""
    return {
        "status_callback_event": ["ringing", "completed"],
        "machine_detection": "DetectMessageEnd",
        "fallback_url": answer_url,
    }


class _Http(TwilioHttpClient):
    """Twilio's HTTP client against another base URL."""

    def __init__(self, base_url: str) -> None:
        super().__init__(timeout=_TIMEOUT_SECONDS, max_retries=0)
        self._base_url = base_url.rstrip("/")

    def request(self, method: str, url: str, *args: Any, **kwargs: Any) -> Response:
        """Send one request, to our base URL instead of the official one."""
        return super().request(method, self._base_url + url.removeprefix(_OFFICIAL), *args, **kwargs)


class TwilioPhone:
    """Dials and sends through Twilio; built once per process, safe for threads."""

    def __init__(self, account: str, token: str, base_url: str, http: HttpClient | None = None) -> None:
        """Take the account's credentials and the API's base URL.

        Args:
            http: what carries the requests; None for a real connection with a time-out.
        """
        self._account = account
        self._token = token
        self._base_url = base_url.rstrip("/")
        self._client = Client(account, token, http_client=http or _Http(base_url))

    def dial(
        self,
        to: str,
        *,
        from_number: str,
        answer_url: str,
        status_url: str,
        ring_seconds: int,
        detects_machine: bool = False,
    ) -> str:
        """Ring somebody; gives the network's id of the leg. Never sent twice: Twilio cannot tell a repetition."""
        call = self._ask(
            self._client.calls.create,
            to=_address(to),
            from_=from_number,
            url=answer_url,
            status_callback=status_url,
            timeout=ring_seconds,
            **(_of_campaign(answer_url) if detects_machine else _OF_AGENT),
        )
        return str(call.sid)

    def find(self, to: str, *, since: datetime) -> list[FoundLeg]:
        """Legs to a number that we dialled since an instant, the newest first."""
        # StartTime counts in days at the network's side, so the exact instant is compared here; a leg that has not
        # begun yet has no start time and counts as new.
        calls = self._ask(self._client.calls.list, to=_address(to), limit=50)
        found = [_leg(call) for call in calls]
        early = since - timedelta(seconds=2)  # clocks differ a little, and the network's instants have whole seconds
        return [leg for leg in found if leg.created_at is None or leg.created_at >= early]

    def leg(self, network_id: str) -> FoundLeg | None:
        """One leg; None if the network knows of none."""
        try:
            return _leg(self._ask(self._client.calls(network_id).fetch))
        except NetworkRefused as refusal:
            if refusal.code == 20404:
                return None
            raise

    def hang_up(self, network_id: str) -> None:
        """End a leg, whether it still rings or somebody talks."""
        found = self.leg(network_id)
        if found is None or is_over(found.status):
            return
        try:
            self._ask(self._client.calls(network_id).update, status="completed")
        except NetworkRefused as refusal:
            if refusal.code != 21220:  # it ended by itself meanwhile
                raise

    def redirect(self, network_id: str, url: str) -> None:
        """Have a leg that talks or listens ask another address at once; doing it twice is doing it once."""
        self._ask(self._client.calls(network_id).update, url=url, method="POST")

    def send_text(self, to: str, *, from_number: str, body: str, status_url: str) -> str:
        """Send a text message; gives the network's id of it."""
        message = self._ask(
            self._client.messages.create, to=to, from_=from_number, body=body[:1600], status_callback=status_url
        )
        return str(message.sid)

    def recording(self, network_id: str) -> bytes:
        """The sound of a finished recording, as WAV; only ever asked of the configured API with our own account."""
        url = f"{self._base_url}/2010-04-01/Accounts/{self._account}/Recordings/{network_id}.wav"
        try:
            answer = requests.get(
                url, auth=(self._account, self._token), timeout=_TIMEOUT_SECONDS, allow_redirects=False
            )
        except requests.RequestException as error:
            raise NetworkUnknown("no answer about the recording") from error
        if answer.status_code != 200:
            raise NetworkRefused("the recording is not there", permanent=answer.status_code == 404)
        return answer.content

    def delete_recording(self, network_id: str) -> None:
        """Remove a recording at the network for good; one that is gone stays so."""
        try:
            self._ask(self._client.recordings(network_id).delete)
        except NetworkRefused as refusal:
            if refusal.code != 20404:
                raise

    def _ask(self, verb: Any, **arguments: Any) -> Any:
        try:
            return verb(**arguments)
        except TwilioRestException as error:
            if error.status >= 500 and error.status not in _SOON:
                raise NetworkUnknown(f"the network failed with {error.status}") from error
            permanent = error.code in PERMANENT
            raise NetworkRefused(
                f"the network refused with {error.code}", permanent=permanent, code=error.code
            ) from error
        except OSError as error:  # time-outs and broken connections, those of `requests` among them
            raise NetworkUnknown("the network did not answer in time") from error


def _address(to: str) -> str:
    """An address of ours as Twilio writes it; telephone numbers are alike."""
    return SOFTPHONE + to.removeprefix(telephone.SOFTPHONE) if telephone.is_softphone(to) else to


def _leg(call: Any) -> FoundLeg:
    created = call.date_created or call.start_time
    if created is not None and created.tzinfo is None:
        created = created.replace(tzinfo=UTC)
    status = _STATUS.get(call.status) or LegStatus(call.status)
    seconds = int(call.duration) if call.duration else None
    return FoundLeg(str(call.sid), status, created, seconds)
