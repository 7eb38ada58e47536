"""How a statement of account moves."""

from counselhub.balances.kinds import BalanceStatus
from counselhub.core.workflow import Move

BALANCE_FLOW = {
    "confirm_balance": Move(frozenset({BalanceStatus.OPEN}), BalanceStatus.CONFIRMED),
}
