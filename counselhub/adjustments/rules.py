"""How much late entry one statement takes. Pure; whole fen.

LATE-2: late entries add at most the street's cap to one statement, in the order in which they were
    entered; the first one that would pass it waits for the next statement, and all after it. One
    that takes something off never waits, and nor does the first of all.
LATE-3: a difference above the cap is entered in parts that fit it and sum to it.
"""

from collections.abc import Iterable
from typing import TypeVar

Key = TypeVar("Key")


def fitting(waiting: Iterable[tuple[Key, int]], cap_fen: int | None) -> list[Key]:
    """LATE-2: return the keys of what one statement takes. waiting: in the order entered."""
    taken: list[Key] = []
    sum_fen, is_full = 0, False
    for key, amount_fen in waiting:
        if cap_fen is None or amount_fen < 0:
            taken.append(key)
            continue
        is_full = is_full or (sum_fen > 0 and sum_fen + amount_fen > cap_fen)
        if not is_full:
            taken.append(key)
            sum_fen += amount_fen
    return taken


def parts(amount_fen: int, cap_fen: int | None) -> list[int]:
    """LATE-3: return the amounts to enter; they sum to `amount_fen`, none is 0 or above the cap."""
    if cap_fen is None or amount_fen <= cap_fen:
        return [amount_fen] if amount_fen else []
    whole, rest = divmod(amount_fen, cap_fen)
    return [cap_fen] * whole + ([rest] if rest else [])
