"""The blueprint that the pages of receipts share."""

from flask import Blueprint

bp = Blueprint("receipts", __name__)
