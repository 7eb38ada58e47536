"""The blueprint that the pages of services share."""

from flask import Blueprint

bp = Blueprint("services", __name__)
