"""One module per family of TwiML verbs; importing this package registers them all."""

from app.simulator.verbs import control, dial, gather, queue, record, speak, start

__all__ = ["control", "dial", "gather", "queue", "record", "speak", "start"]
