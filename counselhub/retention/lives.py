"""Sweeps of what hands were changed for: packs, promises, liaisons who left, wishes."""

from sqlalchemy import and_, delete, select

from counselhub.choosing.models import ChoiceRound, ChoiceWish
from counselhub.handovers.models import HandoverLine, HandoverPack, Promise
from counselhub.liaisons.models import Liaison
from counselhub.retention.sweeping import Sweep, in_firms, noted


def handover_lines(sweep: Sweep) -> None:
    """Lines of packs that were signed long ago; who handed over to whom stays."""
    key, pack = HandoverLine.id, HandoverPack
    of_pack = and_(pack.firm_id == HandoverLine.firm_id, pack.id == HandoverLine.pack_id)
    over = select(key).join(pack, of_pack).where(pack.signed_at < sweep.until)
    in_firms(sweep, over, noted(sweep, delete(HandoverLine), key))


def promises(sweep: Sweep) -> None:
    """Promises that were kept long ago."""
    over = select(Promise.id).where(Promise.done_on < sweep.before)
    in_firms(sweep, over, noted(sweep, delete(Promise), Promise.id))


def liaisons(sweep: Sweep) -> None:
    """Liaisons who left long ago."""
    over = select(Liaison.id).where(Liaison.ends_on < sweep.before)
    in_firms(sweep, over, noted(sweep, delete(Liaison), Liaison.id))


def wishes(sweep: Sweep) -> None:
    """Wishes of rounds that began long ago; what came of them stays."""
    key, row = ChoiceWish.id, ChoiceRound
    of_round = and_(row.firm_id == ChoiceWish.firm_id, row.id == ChoiceWish.round_id)
    over = select(key).join(row, of_round).where(row.starts_on < sweep.before)
    in_firms(sweep, over, noted(sweep, delete(ChoiceWish), key))
