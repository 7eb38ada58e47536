"""Write a plan: rows by the thousand, the same number of statements for any number of rows."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import Table, Uuid, any_, bindparam, delete, insert, literal, select, update
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.dialects.postgresql import insert as upsert

from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.assignments.kinds import AssignmentRole
from counselhub.assignments.models import Assignment
from counselhub.claims.models import CaseClaim
from counselhub.contracts.models import Contract, ContractCommunity
from counselhub.core import history
from counselhub.core.db import Base, db
from counselhub.core.labels import N_
from counselhub.core.members import Member
from counselhub.duty.kinds import SESSION_FLOW, SessionStatus
from counselhub.duty.models import DutySession, OnlineShift
from counselhub.pairings.models import Pairing
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.services.models import ServiceNote, ServiceRecord
from counselhub.work.running import Step, silent
from counselhub.workbook import shapes
from counselhub.workbook.crossing import Sheets
from counselhub.workbook.matching import Fate, Match, Matched
from counselhub.workbook.shapes import Ids, Shape, Values

CHUNK = 5_000
MODELS: Mapping[str, tuple[type[Base], Shape]] = {
    "补贴方案": (SchemeVersion, shapes.scheme_version),
    "律师": (Adviser, shapes.adviser),
    "合同": (Contract, shapes.contract),
    "指派": (Assignment, shapes.assignment),
    "现场值班": (DutySession, shapes.session),
    "线上值班": (OnlineShift, shapes.shift),
    "服务记录": (ServiceRecord, shapes.service),
    "以案定补": (CaseClaim, shapes.claim),
    "结对共建": (Pairing, shapes.pairing),
}


@dataclass(frozen=True)
class Writer:
    """Writes the rows of one firm; `ids` finds what rows name by code."""

    firm_id: UUID
    ids: Ids
    by: Member

    def write(self, sheets: Sheets, step: Step = silent) -> None:
        """Write every new and changed row, what others stand on first; `step` hears of each."""
        self._write_schemes(sheets["补贴方案"])
        self._make_room(sheets)
        for name, (model, shape) in MODELS.items():
            step(N_("写入数据"))
            self._write(sheets[name], model, shape)
            if name == "律师":
                self._write_contacts(sheets[name])
            elif name == "合同":
                self._write_communities(sheets[name])
            elif name == "服务记录":
                self._write_notes(sheets[name])
        db.session.expire_all()

    def _write(self, matched: Matched, model: type[Base], shape: Shape) -> None:
        table = _table(model)
        new = (self._owned(shape(match, self.ids), match.id) for match in matched.of(Fate.NEW))
        _many(insert(table), new)
        changed = (
            {f"b_{name}": value for name, value in shape(match, self.ids).items()}
            | {"at_firm": self.firm_id, "at_id": match.id}
            for match in matched.of(Fate.CHANGED)
        )
        self._update(table, changed)

    def _owned(self, values: Values, row_id: UUID) -> Values:
        return {"firm_id": self.firm_id, "id": row_id} | values

    def _update(self, table: Table, rows: Iterable[Values]) -> None:
        for chunk in _chunks(rows):
            names = [name[2:] for name in chunk[0] if name.startswith("b_")]
            values: Values = {name: bindparam(f"b_{name}") for name in names}
            db.session.execute(
                update(table)
                .where(table.c.firm_id == bindparam("at_firm"), table.c.id == bindparam("at_id"))
                .values(values | {"revision": table.c.revision + 1}),
                chunk,
            )

    def _write_schemes(self, schemes: Matched) -> None:
        """One row a code, whatever the number of versions; the name may change."""
        rows = {
            match.values["code"]: {
                "firm_id": self.firm_id,
                "id": self.ids.schemes[match.values["code"]],
                "code": match.values["code"],
                "name": match.values["name"],
            }
            for match in (*schemes.of(Fate.NEW), *schemes.of(Fate.CHANGED))
        }
        statement = upsert(_table(Scheme))
        self._upsert(statement, ["firm_id", "code"], ["name"], rows.values())

    def _upsert(
        self, statement: Any, key: list[str], columns: list[str], rows: Iterable[Values]
    ) -> None:
        new = {name: statement.excluded[name] for name in columns}
        _many(statement.on_conflict_do_update(index_elements=key, set_=new), rows)

    def _make_room(self, sheets: Sheets) -> None:
        """Draw changed terms and visits in first, so that no two overlap while they move."""
        leads = [
            match
            for match in sheets["指派"].of(Fate.CHANGED)
            if match.values["role"] == AssignmentRole.LEAD
        ]
        shrunk = ({"at_id": match.id, "b_ends_on": match.values["starts_on"]} for match in leads)
        self._update(_table(Assignment), self._here(shrunk))
        sessions = sheets["现场值班"].of(Fate.CHANGED)
        self._sign_out([match.id for match in sessions if _is_ending(match)])
        emptied = ({"at_id": match.id, "b_signed_out_at": None} for match in sessions)
        self._update(_table(DutySession), self._here(emptied))

    def _here(self, rows: Iterable[Values]) -> Iterator[Values]:
        return (row | {"at_firm": self.firm_id} for row in rows)

    def _sign_out(self, session_ids: list[UUID]) -> None:
        if not session_ids:
            return
        chosen = DutySession.id == any_(literal(session_ids, ARRAY(Uuid())))
        for session in db.session.scalars(select(DutySession).where(chosen)):
            history.advance(session, SESSION_FLOW, "sign_out", by=self.by, source="workbook")
        db.session.flush()

    def _write_contacts(self, advisers: Matched) -> None:
        rows = (
            {"firm_id": self.firm_id, "adviser_id": match.id}
            | {name: match.values[name] for name in shapes.CONTACT}
            for match in (*advisers.of(Fate.NEW), *advisers.of(Fate.CHANGED))
        )
        statement = upsert(_table(AdviserContact))
        self._upsert(statement, ["firm_id", "adviser_id"], list(shapes.CONTACT), rows)

    def _write_communities(self, contracts: Matched) -> None:
        changed = [{"at_id": match.id} for match in contracts.of(Fate.CHANGED)]
        table = _table(ContractCommunity)
        of_contract = table.c.contract_id == bindparam("at_id")
        _many(
            delete(table).where(table.c.firm_id == bindparam("at_firm"), of_contract),
            self._here(changed),
        )
        rows = (
            {"firm_id": self.firm_id} | row
            for match in (*contracts.of(Fate.NEW), *contracts.of(Fate.CHANGED))
            for row in shapes.contract_communities(match)
        )
        _many(insert(table), rows)

    def _write_notes(self, services: Matched) -> None:
        written = [*services.of(Fate.NEW), *services.of(Fate.CHANGED)]
        table = _table(ServiceNote)
        emptied = [{"at_id": m.id} for m in services.of(Fate.CHANGED) if not m.values["content"]]
        of_service = table.c.service_id == bindparam("at_id")
        _many(
            delete(table).where(table.c.firm_id == bindparam("at_firm"), of_service),
            self._here(emptied),
        )
        rows = (
            {"firm_id": self.firm_id, "service_id": m.id, "content": m.values["content"]}
            for m in written
            if m.values["content"]
        )
        self._upsert(upsert(table), ["firm_id", "service_id"], ["content"], rows)


def _is_ending(match: Match) -> bool:
    """Say whether the file tells the sign-out of a session that is still open."""
    still_open = match.stored is not None and match.stored.extra["status"] == SessionStatus.OPEN
    return still_open and match.values["time_out"] is not None


def _table(model: type[Base]) -> Table:
    table = model.__table__
    if not isinstance(table, Table):
        raise TypeError(model.__name__)
    return table


def _many(statement: Any, rows: Iterable[Values]) -> None:
    for chunk in _chunks(rows):
        db.session.execute(statement, chunk)


def _chunks(rows: Iterable[Values]) -> Iterator[list[Values]]:
    chunk: list[Values] = []
    for row in rows:
        chunk.append(row)
        if len(chunk) == CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk
