"""A furnished firm's dossiers: papers, a file, whose dispute, thresholds, and two readings."""

from datetime import date
from typing import Any

from counselhub.claims.dossier_models import (
    ClaimDossier,
    ClaimFile,
    ClaimFileContent,
    ClaimPaper,
    ClaimReading,
    ClaimScale,
    DisputeKey,
)
from counselhub.claims.models import CaseClaim
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from tests.factories import Tenant


def add(tenant: Tenant, token: str) -> dict[str, Any]:
    """Add a dossier that the office sees, and one that only the firm sees; return ids."""
    street = tenant.town.street_code
    claim = db.session.scalars(db.select(CaseClaim)).one()
    at = clock.now()
    dossier = ClaimDossier(
        id=claim.id, street_code=street, status="claimed", declared_at=at,
        declared_by_name=f"申报{token}", persons=2,
    )  # fmt: skip
    file = ClaimFile(
        claim_id=claim.id, document="register", kind="photo", digest=f"case{token}",
        size_bytes=len(token), arrived_at=at, arrived_by_name=f"张{token}",
    )  # fmt: skip
    key = DisputeKey(
        claim_id=claim.id, basis="aid", sealed=f"v1.k.{token}", digest=f"k.{token}",
        month=date(2026, 9, 1), street_code=street,
    )  # fmt: skip
    paper = ClaimPaper(claim_id=claim.id, document="cover", state="on_paper", reason="")
    steps = {"persons": [3, 10, 30], "amount_fen": [1, 2, 3], "sittings": [2, 4, 6]}
    db.session.add_all([dossier, file, key, paper, ClaimScale(**steps)])
    db.session.flush()
    db.session.add(ClaimFileContent(file_id=file.id, content=token.encode()))
    own = CaseClaim(
        number=f"AJ-{token}-D", accepted_on=date(2026, 9, 1), closed_on=date(2026, 9, 9),
        community_code=tenant.town.communities[0], street_code=street,
        adviser_id=tenant.adviser_id, difficulty="simple", form="oral",
    )  # fmt: skip
    db.session.add(own)
    db.session.flush()
    db.session.add(ClaimDossier(id=own.id, street_code=street, claw_words=f"只有本所{token}"))
    db.session.flush()
    history.record(dossier, "describe_case", by=tenant.member(Role.MANAGER), words=token)
    return {"claim_file_id": file.id, "own_claim": own.id}


def add_readings(room: Any) -> None:
    """Let the office read both claims: one reading is published, one is still its own."""
    here, token, at = room.tenant, room.token, clock.now()
    by = Member(None, f"经办{token}", Role.CHECKER, here.town.scope, "测试司法所")
    shared = {
        "firm_id": here.firm_id, "street_code": here.town.street_code, "difficulty": "simple",
        "verdict": "accept", "read_at": at, "read_by_name": f"经办{token}",
    }  # fmt: skip
    told = ClaimReading(
        id=room.ids["claim_id"], status="confirmed", published_at=at,
        second_by_name=f"所长{token}", **shared,
    )  # fmt: skip
    unseen = ClaimReading(id=room.ids["own_claim"], words=f"未公布{token}", **shared)
    db.session.add_all([told, unseen])
    db.session.flush()
    history.record(told, "confirm_reading", by=by, street_code=here.town.street_code)
