"""The local phone network with people who speak fast, so that a callback takes seconds."""

from __future__ import annotations

from app.simulator import __main__ as network
from app.simulator import people
from app.simulator.people import Person

if __name__ == "__main__":
    people.SPEECH_RATE = 10_000.0
    build = network.build

    def build_hasty(given):
        carrier = build(given)
        for number in list(carrier.people):
            turn = 1 if carrier.people[number].name == "owner" else None
            carrier.introduce(number, Person(answers_after=0.3, talk_seconds=1.0, hangs_up_at_turn=turn))
        return carrier

    network.build = build_hasty
    network.main()
