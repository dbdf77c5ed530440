"""The local phone network with people who are quick: a callback takes seconds, so that few lines serve many."""

from __future__ import annotations

import sys
from argparse import ArgumentParser, Namespace

from app.simulator import __main__ as network
from app.simulator import people
from app.simulator.carrier import Carrier
from app.simulator.people import Person

_SPEECH_RATE = 10_000.0  # characters a second


class _Hasty(dict[str, Person]):
    """Everybody has little to say, and answers when they were told to."""

    def __init__(self, answers_after: float) -> None:
        """Answer after so many seconds of ringing."""
        super().__init__()
        self._answers_after = answers_after

    def get(self, number: str, default: Person | None = None) -> Person:  # type: ignore[override]  # there is always one
        """Whoever has this number."""
        return self.setdefault(number, Person(answers_after=self._answers_after, talk_seconds=1.0))


def main() -> None:
    """Serve until interrupted."""
    people.SPEECH_RATE = _SPEECH_RATE
    own = ArgumentParser(add_help=False)
    own.add_argument("--answers-after", type=float, default=0.3)
    mine, sys.argv[1:] = own.parse_known_args()
    build = network.build

    def build_hasty(given: Namespace) -> Carrier:
        carrier = build(given)
        carrier.people = _Hasty(mine.answers_after)
        return carrier

    network.build = build_hasty
    network.main()


if __name__ == "__main__":
    main()
