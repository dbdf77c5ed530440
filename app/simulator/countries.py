"""The geographic parameters of a request: Twilio sends them empty, except the country."""

from __future__ import annotations

from app.simulator.transport import Params

_COUNTRIES = {
    "1": "US",
    "266": "LS",  # a withheld number arrives as +266696687
    "351": "PT",
    "381": "RS",
    "385": "HR",
    "387": "BA",
    "41": "CH",
    "43": "AT",
    "44": "GB",
    "49": "DE",
    "55": "BR",
}


def country(number: str) -> str:
    """The ISO code of the country the number belongs to, "" if it is not one of the known ones."""
    digits = number.removeprefix("+") if number.startswith("+") else ""
    return next((_COUNTRIES[digits[:size]] for size in (3, 2, 1) if digits[:size] in _COUNTRIES), "")


def geography(side: str, number: str) -> Params:
    """City, state, zip and country of one side (`From`, `To`, `Caller`, `Called`)."""
    return [(side + "City", ""), (side + "Country", country(number)), (side + "State", ""), (side + "Zip", "")]
