"""Sweeps of what dossiers of case claims, threads and appeals hold of people."""

from sqlalchemy import and_, delete, select, update

from counselhub.claims.dossier_models import ClaimFile, ClaimFileContent, DisputeKey
from counselhub.claims.models import CaseClaim
from counselhub.retention.sweeping import Sweep, in_firms, noted
from counselhub.statements.thread_models import LineFile, LineFileContent


def case_files(sweep: Sweep) -> None:
    """Files of cases that were closed long ago; what is known of them stays."""
    key = ClaimFileContent.file_id
    of_file = and_(ClaimFile.firm_id == ClaimFileContent.firm_id, ClaimFile.id == key)
    of_claim = and_(CaseClaim.firm_id == ClaimFile.firm_id, CaseClaim.id == ClaimFile.claim_id)
    over = select(key).join(ClaimFile, of_file).join(CaseClaim, of_claim)
    over = over.where(CaseClaim.closed_on < sweep.before)
    in_firms(sweep, over, noted(sweep, delete(ClaimFileContent), key))


def parties(sweep: Sweep) -> None:
    """Who fell out with whom, in months long ago; nothing can be compared with it any more."""
    row = DisputeKey
    over = select(row.id).where(row.month < sweep.before.replace(day=1), row.sealed.is_not(None))
    wiped = update(row).values(sealed=None, digest=None)
    in_firms(sweep, over, noted(sweep, wiped, row.id))


def line_files(sweep: Sweep) -> None:
    """Files of threads and appeals that came long ago; what is known of them stays."""
    key = LineFileContent.file_id
    of_file = and_(LineFile.firm_id == LineFileContent.firm_id, LineFile.id == key)
    over = select(key).join(LineFile, of_file).where(LineFile.at < sweep.until)
    in_firms(sweep, over, noted(sweep, delete(LineFileContent), key))
