"""How a line moves while its statement is in review: one table."""

from counselhub.core.workflow import Move
from counselhub.statements.states import LineReview

L = LineReview

LINE_FLOW = {
    "accept": Move(frozenset({L.PENDING}), L.ACCEPTED),
    "undo_accept": Move(frozenset({L.ACCEPTED}), L.PENDING),
    "query": Move(frozenset({L.PENDING}), L.QUERIED),
    "withdraw_query": Move(frozenset({L.QUERIED}), L.PENDING),
}
