"""The people of the stories, and what they do on the telephone."""

from __future__ import annotations

from app.simulator.line import Line
from tests.journeys.stage import Stage

CORA = "+4915112345678"  # a customer in Germany
CEM = "+4917612345679"  # another one
ELLA = "+447400123456"  # a customer with a British number
MILA = "+38761123456"  # a customer with a Bosnian number
BIA = "+5511987654321"  # a customer in São Paulo
WITHHELD = "+266696687"  # what the network gives for a caller who hides their number

ADA = "+493012345671"  # an agent's telephone
BEN = "+493012345672"  # another agent's
SAC = "+551130001234"  # the Brazilian hotline

TELL_ALL = ("1", "2", "1", "#", "1", "#", "2", "1", "1", "1")
"""A complaint by keys only: complaint, no recording, product, no name for it, dissatisfied, no story, nobody hurt,
money back, call me on this number, all is right."""


def press_all(call: Line, *keys: str) -> Line:
    """Press one key after the other, each when the call waits for it."""
    for key in keys:
        call.press(key)
    return call


def complain(office: Stage, number: str = CORA, keys: tuple[str, ...] = TELL_ALL) -> Line:
    """Call and complain by keys; the line then hears the protocol number."""
    return press_all(office.call(number), *keys)


def complain_and_hang_up(office: Stage, number: str = CORA) -> None:
    """Call, complain, and hang up with a promise."""
    complain(office, number).hang_up()


def call_in_a_hurry(office: Stage, number: str, *keys: str) -> Line:
    """Call and press each key after a second, into whatever is being said."""
    call = office.carrier.dial(number, office.number, settle=False)
    office.carrier.run(1)
    for key in keys:
        call.press(key, settle=False)
        office.carrier.run(1)
    return call
