"""Lets Twilio's own Python client speak to a carrier in this process, without a socket; for tests."""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode, urlsplit

from twilio.http import HttpClient
from twilio.http.response import Response

from app.simulator.rest import NoAnswer

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier


class InProcessClient(HttpClient):  # type: ignore[misc]  # twilio ships no type information
    """An HTTP client for `twilio.rest.Client` whose requests go straight to a carrier."""

    def __init__(self, carrier: Carrier) -> None:
        """Speak to `carrier`, whatever host is asked for."""
        super().__init__(None, False, None)
        self._carrier = carrier

    def request(
        self,
        method: str,
        url: str,
        params: Mapping[str, object] | None = None,
        data: Mapping[str, object] | None = None,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,
        allow_redirects: bool = False,
    ) -> Response:
        """Carry out one request.

        Raises:
            TimeoutError: if the carrier's faults want the client to wait in vain.
        """
        parts = urlsplit(url)
        query = "&".join(part for part in (parts.query, urlencode(dict(params or {}), doseq=True)) if part)
        form = {name: _texts(value) for name, value in (data or {}).items() if value is not None}
        authorization = (headers or {}).get("Authorization", "")
        if auth is not None:
            authorization = "Basic " + base64.b64encode(":".join(auth).encode()).decode()
        try:
            given = self._carrier.rest(method.upper(), f"{parts.path}?{query}", form, authorization)
        except NoAnswer as error:
            raise TimeoutError("the network did not answer") from error
        if given.body is None:
            return Response(given.status, "")
        text = given.body.decode("latin-1") if isinstance(given.body, bytes) else json.dumps(given.body)
        return Response(given.status, text)


def _texts(value: Any) -> list[str]:
    """A form value as it is sent: lists as repeated fields, booleans in lower case."""
    if isinstance(value, list | tuple):
        return [str(one) for one in value]
    return [str(value).lower() if isinstance(value, bool) else str(value)]
