"""The blueprint that the pages of duty share."""

from flask import Blueprint

from counselhub.places.models import short_name

bp = Blueprint("duty", __name__)
bp.add_app_template_filter(short_name)
