"""The blueprint that the routes of the programme's report share."""

from flask import Blueprint

bp = Blueprint("programme", __name__)
