"""The blueprint of online duty by turns, and what pages of other features show of it."""

from flask import Blueprint

from counselhub.rota import now_queries, queries

bp = Blueprint("rota", __name__)
bp.add_app_template_global(queries.of_streets, "rotas_of_streets")
bp.add_app_template_global(now_queries.gaps_ahead, "online_gaps_ahead")


@bp.app_template_filter("tel")
def tel(phone: str) -> str:
    """Return the address that dials a number; an extension is dialled after a pause."""
    return "tel:" + phone.replace("#", ",")
