"""What the office needs of a billing system, whoever's it is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from app.domain.errors import RueckrufError


class OrderNotTaken(RueckrufError):
    """The billing system did not accept an order; the same order may be sent again without harm."""

    def __init__(self, cause: str, *, hopeless: bool) -> None:
        """Say why.

        Args:
            hopeless: whether it will go on refusing until a person mends something.
        """
        super().__init__(cause)
        self.cause = cause
        self.hopeless = hopeless


class BillingSystem(Protocol):
    """Takes orders about charges; an order with a key that it has seen changes nothing."""

    def send(self, key: str, order: Mapping[str, Any]) -> str:
        """Hand over one order; gives what the system answered, for the record.

        Args:
            key: the same for each repetition of the same order.

        Raises:
            OrderNotTaken: if it was not accepted, or no answer came.
        """
        ...
