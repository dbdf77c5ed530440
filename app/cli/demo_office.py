"""The people of the demo office; the telephone numbers are ones that Germany keeps for films and tests."""

from __future__ import annotations

from dataclasses import dataclass

from app.domain.role import Role


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo office."""

    name: str
    email: str
    role: Role
    phone: str | None  # E.164; None for who takes no calls
    languages: tuple[str, ...]


PEOPLE = (
    DemoPerson("Ada", "ada@demo.example", Role.AGENT, "+493023125001", ("de", "en")),
    DemoPerson("Ben", "ben@demo.example", Role.AGENT, "+493023125002", ("en", "pt-BR")),
    DemoPerson("Mira", "mira@demo.example", Role.AGENT, "+493023125003", ("bs", "de")),
    DemoPerson("Sue", "sue@demo.example", Role.SUPERVISOR, None, ("en", "de")),
    DemoPerson("Max", "max@demo.example", Role.ADMIN, None, ("de", "en")),
)
