"""The blueprint that the reports' routes share."""

from flask import Blueprint

bp = Blueprint("reports", __name__)
