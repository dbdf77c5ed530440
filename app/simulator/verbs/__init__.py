"""One module per family of TwiML verbs; importing this package registers them all."""

from app.simulator.verbs import control, gather, record, speak

__all__ = ["control", "gather", "record", "speak"]
