"""A charge that a customer calls undue: suspended while they are on the line, then decided (S6).

And what a company's billing system is told to do, about charges and contracts.
"""

from __future__ import annotations

from enum import StrEnum


class OrderKind(StrEnum):
    """What the billing system is told to do with a charge or a contract."""

    SUSPEND = "suspend"  # collect nothing until the decision
    IDENTIFY = "identify"  # the number of the invoice became known later
    REVERSE = "reverse"  # it was undue: give back what was paid
    REINSTATE = "reinstate"  # it stands: the suspension ends
    CANCEL = "cancel"  # the contract ends; a later order about the same cancellation replaces this one


class OrderStatus(StrEnum):
    """Where an order stands on its way to the billing system."""

    WAITING = "waiting"
    SENDING = "sending"
    ACCEPTED = "accepted"
    DEAD = "dead"  # refused for good; a person must look


class ChargeDecision(StrEnum):
    """What became of a suspended charge."""

    REVERSED = "reversed"
    STANDS = "stands"
