"""Answers to the script that asks the browser for a passkey."""

from collections.abc import Callable

from flask import Response, jsonify
from flask.typing import ResponseReturnValue

from counselhub.core.errors import DomainError


def sent(make: Callable[[], str]) -> ResponseReturnValue:
    """Answer with the options as JSON, or with the sentence of a refusal for the page to show."""
    try:
        return Response(make(), mimetype="application/json", headers={"Cache-Control": "no-store"})
    except DomainError as refusal:
        return jsonify(say=refusal.message), refusal.status
