"""The phone network over HTTP: Twilio's REST API, the browser telephone and its JSON API."""

from __future__ import annotations

import importlib.util
import time

from flask import Flask, Response, jsonify, request

from app.simulator.billing import BillingSystem, billing_routes
from app.simulator.carrier import Carrier
from app.simulator.mail import MailBox, mail_routes
from app.simulator.phone_api import phone_api
from app.simulator.rest import NoAnswer
from app.simulator.rest import answer as answer_rest
from app.simulator.softphone_api import softphone_api

SILENCE_SECONDS = 30  # how long a client waits for an answer that never comes


def create_simulator(carrier: Carrier, billing: BillingSystem | None = None, mail: MailBox | None = None) -> Flask:
    """The application around a carrier; starting and stopping the carrier is the caller's business.

    Args:
        billing: a company's billing system to serve beside it.
        mail: the letters of a mail server to show.
    """
    app = Flask("app.simulator")
    app.register_blueprint(phone_api(carrier))
    app.register_blueprint(softphone_api(carrier))
    if billing is not None:
        app.register_blueprint(billing_routes(billing))
    if mail is not None:
        app.register_blueprint(mail_routes(mail))
    if importlib.util.find_spec("app.simulator.page") is not None:
        app.register_blueprint(importlib.import_module("app.simulator.page").bp)

    @app.route("/2010-04-01/<path:rest>", methods=["GET", "POST", "DELETE"])
    def twilio(rest: str) -> Response:
        form = {name: request.form.getlist(name) for name in request.form}
        url = request.full_path if request.query_string else request.path
        authorization = request.headers.get("Authorization", "")
        try:
            given = answer_rest(carrier, request.method, url, form, authorization, request.host_url)
        except NoAnswer:
            time.sleep(SILENCE_SECONDS)
            return Response(status=504)
        if given.body is None:
            return Response(status=given.status)
        if isinstance(given.body, bytes):
            return Response(given.body, given.status, content_type=given.content_type)
        response = jsonify(given.body)
        response.status_code = given.status
        return response

    @app.get("/healthz")
    def health() -> Response:
        return Response("ok", content_type="text/plain")

    return app
