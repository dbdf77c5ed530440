"""A billing system as a process of its own, to be killed: `run_billing.py PORT FILE SECRET SECONDS`."""

from __future__ import annotations

import sys
from pathlib import Path

from flask import Flask
from werkzeug.serving import make_server

from app.simulator import billing
from app.simulator.clock import RealClock

port, file, secret, slow_seconds = sys.argv[1:]
billing.SLOW_SECONDS = float(slow_seconds)  # type: ignore[misc]
app = Flask("billing")
app.register_blueprint(billing.billing_routes(billing.BillingSystem(secret, RealClock(), file=Path(file))))
server = make_server("127.0.0.1", int(port), app, threaded=True)
print(server.server_port, flush=True)
server.serve_forever()
