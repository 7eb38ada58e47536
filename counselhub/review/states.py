"""How a line moves while its statement is in review: one table."""

from counselhub.core.workflow import Move
from counselhub.statements.states import LineReview

L = LineReview

LINE_FLOW = {
    "accept": Move(frozenset({L.PENDING}), L.ACCEPTED),
    "undo_accept": Move(frozenset({L.ACCEPTED}), L.PENDING),
    "query": Move(frozenset({L.PENDING}), L.QUERIED),
    "withdraw_query": Move(frozenset({L.QUERIED}), L.PENDING),
    "refuse": Move(frozenset({L.PENDING, L.QUERIED}), L.REFUSED),
    "withdraw_refusal": Move(frozenset({L.REFUSED}), L.PENDING),
    "defer": Move(frozenset({L.QUERIED}), L.DEFERRED),
    "restore": Move(frozenset({L.DEFERRED}), L.QUERIED),
}
