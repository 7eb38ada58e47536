"""How far the money of one street looks: which contracts and communities it depends on. Pure."""

from collections.abc import Sequence
from typing import NamedTuple

from counselhub.statements.facts import ContractFact


class Reach(NamedTuple):
    """What of a firm a street's statement depends on.

    contracts: in their order. communities: whose claims count, other streets' too. here: those of
    them that lie in the street.
    """

    contracts: Sequence[ContractFact]
    communities: set[str]
    here: list[str]


def reach(street: str, contracts: Sequence[ContractFact]) -> Reach:
    """Choose from a firm's contracts those that decide about the street.

    Those with a community in it, whose yearly caps hold over all their communities (M8), and
    whichever shares one of these: what it pays there takes nothing of the others' caps.
    """
    deciding = [
        contract
        for contract in contracts
        if any(code.startswith(street) for code in contract.communities)
    ]
    communities = {code for contract in deciding for code in contract.communities}
    here = [code for code in communities if code.startswith(street)]
    if len(here) < len(communities):
        deciding = [
            contract for contract in contracts if not communities.isdisjoint(contract.communities)
        ]
    return Reach(deciding, communities, here)
