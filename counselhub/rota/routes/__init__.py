"""Pages of online duty by turns: now, gaps, rotas, one turn, the phone, the public page."""

from counselhub.rota.routes import boards, gaps, now, phone, tables, turns
from counselhub.rota.routes.blueprint import bp

__all__ = ["boards", "bp", "gaps", "now", "phone", "tables", "turns"]
