"""The blueprint that the pages of spot checks share."""

from flask import Blueprint

bp = Blueprint("spotchecks", __name__)
