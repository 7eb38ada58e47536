"""Which client a case claim was for: the office reads claims, so it stands beside them."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import delete
from sqlalchemy.dialects.postgresql import insert

from counselhub.clients import actions, queries
from counselhub.clients.actions import ClientEntry
from counselhub.clients.models import ClaimClient, Client
from counselhub.core import history
from counselhub.core.db import db
from counselhub.core.errors import ConflictError
from counselhub.core.members import Member


@dataclass(frozen=True, slots=True)
class Party:
    """Whom a claim is to name: who is told by `entry`, else `client`, else nobody.

    seen: whom it named when the page was opened. is_kept: nobody else was chosen.
    """

    client: Client | None = None
    entry: ClientEntry | None = None
    seen: UUID | None = None
    is_kept: bool = False


NOBODY = Party()


def judge(claim: Any, party: Party) -> UUID | None:
    """Return whom a CaseClaim names now, before anything is changed.

    Raises ConflictError when another one was named meanwhile, and for an erased client.
    """
    present = queries.client_of_claim(claim.id)
    if party.seen != present:
        words = _("这件案件的服务对象刚被别人改过，请核对最新内容后再保存。")
        raise ConflictError(words, row=claim)
    if party.client is not None:
        actions.expect_present(party.client)
    return present


def name_client(claim: Any, party: Party, present: UUID | None, *, by: Member) -> None:
    """Let a CaseClaim name the client of `party`; a closed month does not mind.

    present: what `judge` returned.
    """
    if party.is_kept and not party.entry:
        return
    wanted = actions.known_or_new(party.entry, by=by) if party.entry else party.client
    if (wanted.id if wanted else None) != present:
        _replace(claim, present, wanted, by)


def _replace(claim: Any, present: UUID | None, wanted: Client | None, by: Member) -> None:
    if present is not None:
        before = db.session.get_one(Client, (claim.firm_id, present))
        db.session.execute(
            delete(ClaimClient).where(
                ClaimClient.firm_id == claim.firm_id, ClaimClient.claim_id == claim.id
            )
        )
        history.record(before, "unlink_case", by=by, case=claim.number)
    if wanted is not None:
        link = {"firm_id": claim.firm_id, "claim_id": claim.id, "client_id": wanted.id}
        db.session.execute(insert(ClaimClient).values(link))
        history.record(wanted, "link_case", by=by, case=claim.number)
