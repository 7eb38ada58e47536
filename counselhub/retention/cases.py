"""Sweeps of what dossiers of case claims hold of people."""

from sqlalchemy import and_, delete, select, update

from counselhub.claims.dossier_models import ClaimFile, ClaimFileContent, DisputeKey
from counselhub.claims.models import CaseClaim
from counselhub.retention.sweeping import Sweep, in_firms, noted


def case_files(sweep: Sweep, dry: bool) -> None:
    """Files of cases that were closed long ago; what is known of them stays."""
    key = ClaimFileContent.file_id
    of_file = and_(ClaimFile.firm_id == ClaimFileContent.firm_id, ClaimFile.id == key)
    of_claim = and_(CaseClaim.firm_id == ClaimFile.firm_id, CaseClaim.id == ClaimFile.claim_id)
    over = select(key).join(ClaimFile, of_file).join(CaseClaim, of_claim)
    over = over.where(CaseClaim.closed_on < sweep.before)
    in_firms(sweep, dry, over, noted(sweep, delete(ClaimFileContent), key))


def parties(sweep: Sweep, dry: bool) -> None:
    """Who fell out with whom, in months long ago; nothing can be compared with it any more."""
    row = DisputeKey
    over = select(row.id).where(row.month < sweep.before.replace(day=1), row.sealed.is_not(None))
    wiped = update(row).values(sealed=None, digest=None)
    in_firms(sweep, dry, over, noted(sweep, wiped, row.id))
