"""The web server's door: one runtime and one application per process."""

import gc

from app.logs import configure
from app.runtime import Runtime, read_settings
from app.web.app import create_app

settings = read_settings()
configure(settings.log_level)
runtime = Runtime.build(settings)
runtime.keep_flows()
runtime.follow_others()
app = create_app(runtime)
# What a process begins with is no garbage: looking through all of it took a tenth of a second of some caller's turn.
gc.collect()
gc.freeze()
