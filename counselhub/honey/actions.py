"""Plant honey rows where they disturb no number, list, export or statement of their own firm.

A voided statement of January 2000 and an adviser who left then, with a contact: no month, choice or
sum holds them, no office ever saw them, and the firm's own lists and export leave them out.
"""

from datetime import date
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy import select

from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.contracts.models import ContractCommunity
from counselhub.core import clock, markers
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError, RefusedError
from counselhub.core.tenancy import as_firm, as_platform
from counselhub.honey.models import HoneyRow
from counselhub.honey.queries import planted
from counselhub.people.queries import firm_by_code
from counselhub.places.models import Street
from counselhub.statements.models import Statement
from counselhub.statements.states import StatementStatus

LONG_AGO = date(2000, 1, 1)


def plant(code: str) -> list[str]:
    """Plant what the firm with this short code still lacks; return the tables.

    Raises NotFoundError when there is no such firm, RefusedError before any street is imported.
    """
    firm = firm_by_code(code)
    if firm is None:
        raise NotFoundError(_("没有代码为“%(code)s”的律师事务所。", code=code))
    planted_now = plant_in(firm.id)
    if Statement.__tablename__ not in planted(firm.id):
        raise RefusedError(_("还没有导入街道和社区，请先导入。"))
    return planted_now


def plant_in(firm_id: UUID) -> list[str]:
    """Plant what a firm still lacks; return the tables. Every new firm begins with it.

    A statement names a street: before any is imported, that row waits for the import.
    """
    there = planted(firm_id)
    marked: dict[str, str] = {}
    with as_firm(firm_id):
        if Adviser.__tablename__ not in there:
            marked |= _adviser()
        if Statement.__tablename__ not in there and (street := _street()):
            marked |= _statement(street)
        db.session.flush()
    _register(firm_id, marked)
    return sorted(marked)


def _adviser() -> dict[str, str]:
    name, contact = markers.fresh(), markers.fresh()
    db.session.add(
        Adviser(
            name=name,
            pinyin=name,
            search=name,
            licence_number=name,
            category="lawyer",
            joined_on=LONG_AGO,
            left_on=LONG_AGO,
            contact=AdviserContact(phone=contact, email=contact),
        )
    )
    return {Adviser.__tablename__: name, AdviserContact.__tablename__: contact}


def _statement(street_code: str) -> dict[str, str]:
    number = markers.fresh()
    db.session.add(
        Statement(
            number=number,
            street_code=street_code,
            month=LONG_AGO,
            status=StatementStatus.VOID,
            payee={"name": number},
            computed_at=clock.now(),
        )
    )
    return {Statement.__tablename__: number}


def _street() -> str | None:
    """Return a street that the firm serves, any for one that serves none yet, None before any."""
    served = select(ContractCommunity.street_code).order_by(ContractCommunity.street_code)
    code = db.session.scalar(served.limit(1))
    return code or db.session.scalar(select(Street.code).order_by(Street.code).limit(1))


def _register(firm_id: UUID, marked: dict[str, str]) -> None:
    with as_platform():
        db.session.add_all(
            HoneyRow(firm_id=firm_id, table_name=table, marker=marker, planted_at=clock.now())
            for table, marker in marked.items()
        )
        db.session.flush()
