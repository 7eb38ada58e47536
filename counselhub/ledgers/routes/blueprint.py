"""The blueprint that the pages of the two ledgers share."""

from flask import Blueprint

bp = Blueprint("ledgers", __name__)
