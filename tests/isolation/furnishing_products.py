"""A furnished firm's products: a text with a version and an opinion, marked with its token."""

from counselhub.core.access import Role
from counselhub.products import reading, text_actions
from counselhub.products.kinds import Risk, TextKind
from counselhub.products.text_actions import OpinionEntry, TextEntry
from tests.factories import Tenant


def add(tenant: Tenant, token: str) -> dict[str, object]:
    """Add one of each kind; return ids by the parameters of their addresses."""
    by = tenant.member(Role.MANAGER)
    place = tenant.town.communities[0]
    entry = TextEntry(TextKind.CONTRACT, f"合同{token}", place, tenant.adviser_id, "")
    review = text_actions.begin(entry, reading.pasted(f"第一条 {token}"), by=by)
    said = OpinionEntry(1, 1, Risk.HIGH, f"意见{token}", f"建议{token}")
    opinion = text_actions.add_opinion(review, said, by=by)
    return {"text_id": review.id, "opinion_id": opinion.id}
