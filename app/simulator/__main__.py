"""Start the local phone network: `python -m app.simulator --port 8010 --public-url http://127.0.0.1:8000`."""

from __future__ import annotations

import argparse
import json
import logging
import os
import signal
import sys
from collections.abc import Sequence

from werkzeug.serving import WSGIRequestHandler, make_server

from app.simulator.billing import BillingSystem
from app.simulator.carrier import Carrier
from app.simulator.clock import RealClock
from app.simulator.faults import Faults
from app.simulator.mail import MailBox, serve
from app.simulator.people import Person
from app.simulator.server import create_simulator


class QuietRequests(WSGIRequestHandler):
    """Serves without a line per request: the telephone asks several times a second."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def read_arguments(arguments: Sequence[str] | None = None) -> argparse.Namespace:
    """The command line; account and address may come from the environment instead."""
    known = os.environ  # noqa: TID251 - the phone network is a program of its own, with its own settings
    parser = argparse.ArgumentParser(prog="python -m app.simulator", description="The local phone network.")
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=8010, help="0 takes a free one")
    parser.add_argument("--public-url", default=known.get("PUBLIC_URL", "http://127.0.0.1:8000"))
    parser.add_argument("--account-sid", default=known.get("TWILIO_ACCOUNT_SID", ""))
    parser.add_argument("--auth-token", default=known.get("TWILIO_AUTH_TOKEN", ""))
    parser.add_argument("--api-key-sid", default=known.get("TWILIO_API_KEY_SID", ""), help="believe its tokens")
    parser.add_argument("--api-key-secret", default=known.get("TWILIO_API_KEY_SECRET", ""))
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--cps", type=float, default=1.0, help="calls over REST per second")
    parser.add_argument("--faults", type=json.loads, default={}, metavar="JSON", help='such as {"lose": 0.1}')
    parser.add_argument("--billing-secret", default=known.get("BILLING_SECRET", ""), help="serve /billing, too")
    parser.add_argument("--mail-port", type=int, metavar="PORT", help="take letters there, and show them at /mail")
    parser.add_argument("--number", action="append", default=[], metavar="E164=LABEL", help="one of the office's")
    parser.add_argument("--person", action="append", default=[], metavar="E164=LABEL", help="a telephone around it")
    given = parser.parse_args(arguments)
    if not given.account_sid or not given.auth_token:
        parser.error("give --account-sid and --auth-token, or TWILIO_ACCOUNT_SID and TWILIO_AUTH_TOKEN")
    return given


def build(given: argparse.Namespace) -> Carrier:
    """The live carrier that the arguments describe, not started yet."""
    carrier = Carrier(
        given.account_sid,
        given.auth_token,
        given.public_url,
        clock=RealClock(),
        seed=given.seed,
        faults=Faults.of(given.faults),
        calls_per_second=given.cps,
        live=True,
    )
    if given.api_key_sid:
        carrier.softphones.keys[given.api_key_sid] = given.api_key_secret
    for entry in given.number:
        number, _, label = entry.partition("=")
        carrier.own(number, label)
    for entry in given.person:
        number, _, label = entry.partition("=")
        carrier.introduce(number, Person(label))
    return carrier


def main() -> None:
    """Serve until interrupted."""
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    given = read_arguments()
    carrier = build(given)
    billing = BillingSystem(given.billing_secret, carrier.clock) if given.billing_secret else None
    mail = MailBox() if given.mail_port else None
    controller = serve(mail, given.host, given.mail_port) if mail is not None else None
    app = create_simulator(carrier, billing, mail)
    server = make_server(given.host, given.port, app, threaded=True, request_handler=QuietRequests)
    carrier.api_url = f"http://{given.host}:{server.server_port}"
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    carrier.start()
    print(f"phone network {carrier.api_url}/phone", flush=True)
    try:
        server.serve_forever()
    except KeyboardInterrupt:
        pass
    finally:
        carrier.stop()
        if controller is not None:
            controller.stop()


if __name__ == "__main__":
    main()
