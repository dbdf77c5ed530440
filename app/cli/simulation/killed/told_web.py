"""The web process of the simulated office, as `app.wsgi`, on the time that it is told."""

from app.cli.simulation.killed.told_runtime import told_runtime
from app.web.app import create_app

runtime = told_runtime()
runtime.keep_flows()
app = create_app(runtime)
