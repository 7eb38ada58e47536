"""The blueprint that the pages of payment lists share."""

from flask import Blueprint

bp = Blueprint("payments", __name__)
