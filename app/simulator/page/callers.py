"""The people a newcomer can be on the browser telephone; numbers that belong to nobody where the country has such."""

from __future__ import annotations

from dataclasses import dataclass

WITHHELD = "+266696687"  # what Twilio sends in place of a number that is not shown


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody with a telephone and a reason to use it."""

    name: str
    place: str
    number: str  # E.164
    language: str  # BCP 47
    story: str  # in the caller's language, offered when the hotline records
    story_in_english: str


CALLERS = (
    Caller(
        "Klara",
        "Berlin",
        "+493023125042",
        "de",
        "Meine Waschmaschine wandert beim Schleudern durch die Küche, gestern bis zum Kühlschrank.",
        "Her washing machine walks through the kitchen.",
    ),
    Caller(
        "Oliver",
        "London",
        "+442079460123",
        "en-GB",
        "My kettle whistles beautifully, but it has not boiled a drop since Tuesday.",
        "His kettle whistles, but never boils.",
    ),
    Caller(
        "Grace",
        "Washington",
        "+12025550143",
        "en-US",
        "I bought one toaster and was charged for two. The second one I have yet to meet.",
        "She paid for two toasters and got one.",
    ),
    Caller(
        "Bia",
        "São Paulo",
        "+5511961234567",
        "pt-BR",
        "Minha geladeira ronca a noite inteira e o sorvete derrete de manhã.",
        "Her fridge snores, and the ice cream melts.",
    ),
    Caller(
        "Amra",
        "Sarajevo",
        "+38733555123",
        "bs",
        "Moj usisivač puše umjesto da usisava, prašina je sada na plafonu.",
        "Her vacuum cleaner blows.",
    ),
)
