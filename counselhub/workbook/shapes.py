"""From the values of a row to the columns of its table."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from counselhub.contracts.kinds import ContractStatus
from counselhub.core import clock, pinyin
from counselhub.core.ids import uuid7
from counselhub.duty.kinds import SessionStatus
from counselhub.pairings.actions import TERM_OVER
from counselhub.pairings.kinds import PairingStatus
from counselhub.pairings.rules import status_by_dates
from counselhub.workbook.crossing import Sheets
from counselhub.workbook.layout import CLAIMS, SCHEMES, SERVICES
from counselhub.workbook.matching import Fate, Match

Values = dict[str, Any]
CONTACT = ("phone", "email", "political_status")


@dataclass(frozen=True)
class Ids:
    """The ids of what rows name by code, of the file and of the database."""

    advisers: dict[str, UUID]
    """By 执业证号."""
    schemes: dict[str, UUID]
    """By 方案代码."""

    @classmethod
    def of(cls, sheets: Sheets) -> "Ids":
        """Collect them; a scheme that is new gets its id here."""
        advisers, schemes = sheets["律师"], sheets["补贴方案"]
        licences = {stored.values["licence_number"]: stored.id for stored in advisers.rest}
        licences |= {match.values["licence_number"]: match.id for match in advisers.matches}
        kept = [*schemes.rest, *(match.stored for match in schemes.matches if match.stored)]
        codes: dict[str, UUID] = {one.values["code"]: one.extra["scheme_id"] for one in kept}
        for match in schemes.matches:
            codes.setdefault(match.values["code"], uuid7())
        return cls(licences, codes)


Shape = Callable[[Match, Ids], Values]


def _taken(match: Match, *names: str) -> Values:
    return {name: match.values[name] for name in names}


def _at(match: Match) -> Values:
    code = match.values["community_code"]
    return {"community_code": code, "street_code": code[:9]}


def _who(match: Match, ids: Ids) -> Values:
    return {"adviser_id": ids.advisers[match.values["licence"]]}


def scheme_version(match: Match, ids: Ids) -> Values:
    """Columns of one version of a scheme."""
    terms = [column.name for column in SCHEMES.columns if column.name not in ("code", "name")]
    return _taken(match, *terms) | {"scheme_id": ids.schemes[match.values["code"]]}


def adviser(match: Match, _ids: Ids) -> Values:
    """Columns of a lawyer; the pinyin that somebody mended stays while the name does."""
    values = match.values
    named = match.stored if match.stored and match.stored.values["name"] == values["name"] else None
    spoken = named.extra["pinyin"] if named else pinyin.person_key(values["name"])
    kept = _taken(
        match, "name", "licence_number", "category", "specialties", "joined_on", "left_on"
    )
    return kept | {
        "pinyin": spoken,
        "search": pinyin.searchable(values["name"], values["licence_number"]),
    }


def contract(match: Match, ids: Ids) -> Values:
    """Columns of a contract: a new one is in force, its dates say when; others keep their state."""
    columns = _taken(match, "number", "kind", "starts_on", "signed_on", "annual_fen", "ends_on")
    columns["scheme_id"] = ids.schemes[match.values["scheme"]]
    if match.fate is Fate.NEW:
        return columns | {"status": ContractStatus.ACTIVE.value}
    if match.stored and match.stored.extra["terminated_on"]:
        columns["ends_on"] = match.stored.extra["agreed_until"]
    return columns


def contract_communities(match: Match) -> Iterator[Values]:
    """Columns of each community of a contract."""
    for code in match.values["communities"]:
        yield {
            "id": uuid7(),
            "contract_id": match.id,
            "community_code": code,
            "street_code": code[:9],
            "kind": match.values["kind"],
            "starts_on": match.values["starts_on"],
            "last_on": match.values["ends_on"],
        }


def assignment(match: Match, ids: Ids) -> Values:
    """Columns of an assignment."""
    return _at(match) | _who(match, ids) | _taken(match, "role", "starts_on", "ends_on")


def session(match: Match, ids: Ids) -> Values:
    """Columns of a session. A past one without sign-out is not open: nobody is asked for it."""
    values = match.values
    out, substitute = values["time_out"], values["substitute"]
    columns = _at(match) | _who(match, ids)
    columns |= _taken(match, "day", "source", "community_confirmed", "remark")
    columns |= {
        "signed_in_at": clock.instant(values["day"], values["time_in"]),
        "signed_out_at": out and clock.instant(values["day"], out),
        "substitute_for_id": substitute and ids.advisers[substitute],
    }
    if match.fate is Fate.NEW:
        return columns | {"status": SessionStatus.CLOSED.value}
    return columns | {"is_corrected": True}


def shift(match: Match, ids: Ids) -> Values:
    """Columns of an online shift."""
    ends = {
        name: clock.instant(match.values[name].date(), match.values[name].time())
        for name in ("starts_at", "ends_at")
    }
    return _taken(match, "street_code", "remark") | _who(match, ids) | ends


def service(match: Match, ids: Ids) -> Values:
    """Columns of a service record, without what was said."""
    names = [column.name for column in SERVICES.columns]
    kept = [name for name in names if name not in ("licence", "content", "community_code")]
    columns = _taken(match, *kept) | _at(match) | _who(match, ids)
    return columns | ({"created_at": clock.now()} if match.fate is Fate.NEW else {})


def claim(match: Match, ids: Ids) -> Values:
    """Columns of a case claim."""
    names = [column.name for column in CLAIMS.columns]
    kept = [name for name in names if name not in ("licence", "community_code")]
    return _taken(match, *kept) | _at(match) | _who(match, ids)


def pairing(match: Match, _ids: Ids) -> Values:
    """Columns of a pairing: its dates say where a new one stands, an ended one keeps its term."""
    columns = _at(match) | _taken(match, "party_a", "party_b", "signed_on", "content")
    last_on = match.values["valid_until"]
    if match.fate is not Fate.NEW:
        is_ended = match.stored is not None and match.stored.extra["ended_on"]
        return columns if is_ended else columns | {"valid_until": last_on}
    status = status_by_dates(last_on, clock.today())
    columns |= {"valid_until": last_on, "status": status.value, "topics": []}
    if status is PairingStatus.ENDED:
        columns |= {"ended_on": last_on, "end_reason": TERM_OVER}
    else:
        columns |= {"ended_on": None, "end_reason": None}
    return columns
