"""The blueprint that all pages of the review hang on."""

from flask import Blueprint

bp = Blueprint("review", __name__)
