"""The blueprint of rule packs."""

from flask import Blueprint

bp = Blueprint("packs", __name__)
