"""The blueprint of planned duty, and what pages of other features show of it."""

from flask import Blueprint

from counselhub.core import clock
from counselhub.roster import slot_queries, term_queries, wording
from counselhub.roster.models import DutyTerm

bp = Blueprint("roster", __name__)
bp.add_app_template_filter(wording.sentence, "duty_sentence")
bp.add_app_template_global(term_queries.terms_of, "duty_terms_of")
bp.add_app_template_global(slot_queries.during, "duty_slots_during")


@bp.app_template_global("duty_terms_for")
def duty_terms_for(code: str) -> list[DutyTerm]:
    """Return the terms that ask something of a community today."""
    return term_queries.terms_for(code, clock.today())
