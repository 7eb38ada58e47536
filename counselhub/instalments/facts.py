"""A contract as the rules of the money see it, from its rows."""

from counselhub.contracts.models import Contract
from counselhub.statements import codes
from counselhub.statements.facts import ContractFact


def fact_of(contract: Contract) -> ContractFact:
    """Return the contract with its own terms, whoever pays the base.

    Raises SchemeRefusedError for a scheme that nothing can be computed from.
    """
    versions = [
        codes.terms_of(
            contract.scheme.code, {name: getattr(one, name) for name in codes.VERSION_COLUMNS}
        )
        for one in contract.scheme.versions
    ]
    return ContractFact(
        number=contract.number,
        kind=codes.CONTRACT_KINDS[contract.kind],
        communities=[one.community_code for one in contract.communities],
        starts_on=contract.starts_on,
        ends_on=contract.ends_on,
        terminated_on=contract.terminated_on,
        annual_fen=contract.annual_fen,
        scheme_versions=versions,
    )
