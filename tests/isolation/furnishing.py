"""A firm's row of every kind, each marked with the firm's token."""

from dataclasses import dataclass, field
from datetime import date, datetime, time
from io import BytesIO
from typing import Any
from uuid import UUID

import xlsxwriter
from sqlalchemy import update

from counselhub.advisers.models import Adviser, AdviserContact
from counselhub.assignments.models import Assignment
from counselhub.claims.models import CaseClaim
from counselhub.clients import actions as clients
from counselhub.clients import cases
from counselhub.clients.actions import ClientEntry
from counselhub.clients.cases import Party
from counselhub.contracts.models import Contract
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.permissions import Role
from counselhub.duty.models import DutyPunch, DutySession, OnlineShift
from counselhub.pairings.models import Pairing
from counselhub.people import actions as people
from counselhub.people.models import (
    Firm,
)
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.services.models import ServiceNote, ServiceRecord
from counselhub.statements.models import CasePayment, FirmAccount, Statement
from counselhub.statements.sealing import seal
from counselhub.statements.thread_models import LineQuery
from counselhub.workbook import actions as workbook
from counselhub.workbook import trials
from tests.factories import Tenant
from tests.isolation import (
    furnishing_agree,
    furnishing_attendance,
    furnishing_claims,
    furnishing_corrections,
    furnishing_instalments,
    furnishing_leave,
    furnishing_lives,
    furnishing_money,
    furnishing_products,
    furnishing_programme,
    furnishing_witness,
    furnishing_work,
)
from tests.isolation.furnishing_account import add_account
from tests.isolation.furnishing_conferences import add_conference
from tests.isolation.furnishing_cover import add_cover
from tests.isolation.furnishing_matters import add_matters
from tests.isolation.furnishing_packets import add_packets
from tests.isolation.furnishing_pairing import add_pairing_work
from tests.isolation.furnishing_place import furnish_places
from tests.isolation.furnishing_referrals import add_referral
from tests.isolation.furnishing_roster import add_roster
from tests.isolation.furnishing_rota import add_rota
from tests.isolation.furnishing_sealed import add_freeze, add_year_file
from tests.review import factories as review

DAY = date(2026, 9, 8)
"""A day of the furnished rows; October is closed by the statement."""
MONTH = f"{DAY:%Y-%m}"


def upload_of(token: str) -> bytes:
    """Return a workbook that is none of ours, always of the same bytes."""
    file = BytesIO()
    with xlsxwriter.Workbook(file) as book:
        book.set_properties(
            {"created": datetime(2026, 9, 1, tzinfo=clock.SHANGHAI).replace(tzinfo=None)}
        )
        book.add_worksheet().write_string(0, 0, token)
    return file.getvalue()


@dataclass
class Room:
    """What is being furnished."""

    tenant: Tenant
    token: str
    ids: dict[str, str] = field(default_factory=dict)

    def note(self, **ids: object) -> None:
        self.ids |= {name: str(value) for name, value in ids.items()}

    def mark_claim(self) -> None:
        """Mark the case of October, which the statement closes."""
        claim = db.session.scalars(db.select(CaseClaim)).one()
        claim.number = f"AJ-{self.token}"
        self.note(claim_id=claim.id)

    def mark_standing_data(self) -> None:
        """Mark what the factory made: advisers, scheme, contract."""
        here, token = self.tenant, self.token
        adviser = db.session.get_one(Adviser, (here.firm_id, here.adviser_id))
        adviser.name = adviser.search = adviser.pinyin = f"张{token}"
        adviser.licence_number = f"L{token}"
        db.session.add(AdviserContact(adviser_id=adviser.id, phone=f"1{token}", email=f"{token}@x"))
        scheme = db.session.scalars(db.select(Scheme)).one()
        scheme.name = f"方案{token}"
        contract = db.session.get_one(Contract, (here.firm_id, here.contract_id))
        contract.number = f"HT-{token}"
        version = db.session.scalars(db.select(SchemeVersion)).one()
        assignment = db.session.scalars(db.select(Assignment)).first()
        self.note(
            adviser_id=adviser.id,
            scheme_id=scheme.id,
            version_id=version.id,
            contract_id=contract.id,
            assignment_id=assignment.id if assignment else "",
            code=here.town.communities[0],
        )

    def add_work(self) -> None:
        """Add a visit, a shift, a service with its note, a case, a pairing; record an act."""
        session, shift = self._presence()
        record = self.row(
            ServiceRecord,
            number=f"FW-{self.token}",
            day=DAY,
            kind="consultation",
            outcome=f"结果{self.token}",
            created_at=clock.now(),
            adviser_id=self.tenant.adviser_id,
            note=ServiceNote(content=f"内容{self.token}"),
        )
        pairing = self.row(
            Pairing,
            party_a=f"甲方{self.token}",
            party_b="乙方",
            status="active",
            signed_on=DAY,
            content=f"共建{self.token}",
        )
        by = self.tenant.member(Role.MANAGER)
        street = self.tenant.town.street_code
        history.record(record, "add", by=by, street_code=street, words=self.token)
        client = clients.attach(record, ClientEntry(name=f"客{self.token}"), by=by)
        claim = db.session.scalars(db.select(CaseClaim)).one()
        cases.name_client(claim, Party(client), None, by=by)
        self.note(
            service_id=record.id,
            client_id=client.id,
            subject="service_record",
            thing_id=record.id,
            duty="security",
            session_id=session.id,
            shift_id=shift.id,
            record_id=record.id,
            pairing_id=pairing.id,
        )
        add_pairing_work(self, pairing)
        add_roster(self, DAY)
        self.note(**furnishing_leave.add(self.tenant, self.token))
        correction_id = UUID(self.ids["correction_id"])
        self.note(**furnishing_corrections.add(self.tenant, self.token, correction_id))
        furnish_places(self)
        self.note(**add_rota(self.tenant, self.token))
        self.note(**furnishing_attendance.furnish(self.tenant, self.token, DAY, session.id))
        add_cover(self)
        self.note(**add_matters(self.tenant, self.token, record.id, client.id))
        add_referral(self)
        add_conference(self)
        add_packets(self)
        furnishing_lives.add(self, DAY)
        furnishing_money.add(self, DAY)
        self.note(**furnishing_witness.add(self.tenant, self.token, session.id))
        furnishing_agree.add(self.tenant, session.id)
        self.note(**furnishing_programme.add(self.token))
        self.note(**furnishing_claims.add(self.tenant, self.token))
        contract_id = UUID(self.ids["contract_id"])
        self.note(**furnishing_instalments.add(self.tenant, self.token, contract_id))
        self.note(**furnishing_products.add(self.tenant, self.token))
        add_year_file(self)
        furnishing_work.add(self)

    def _presence(self) -> tuple[DutySession, OnlineShift]:
        starts = clock.instant(DAY, time(9))
        session = self.row(
            DutySession,
            day=DAY,
            signed_in_at=starts,
            signed_out_at=clock.instant(DAY, time(11)),
            status="closed",
            remark=f"备注{self.token}",
            adviser_id=self.tenant.adviser_id,
        )
        self.row(
            DutyPunch,
            adviser_id=self.tenant.adviser_id,
            key=uuid7(),
            kind="in",
            remark=f"打卡{self.token}",
            tapped_at=starts,
            claimed_at=starts,
            arrived_at=starts,
            counts_at=starts,
            day=DAY,
            timing="at_once",
            verdict="counted",
            session_id=session.id,
            session_revision=session.revision,
        )
        shift = OnlineShift(
            adviser_id=self.tenant.adviser_id,
            street_code=self.tenant.town.street_code,
            starts_at=starts,
            ends_at=clock.instant(DAY, time(12)),
            remark=f"线上{self.token}",
        )
        db.session.add(shift)
        db.session.flush()
        return session, shift

    def row(self, model: Any, **values: Any) -> Any:
        town = self.tenant.town
        places = {"community_code": town.communities[0], "street_code": town.street_code}
        row = model(**places, **values)
        db.session.add(row)
        db.session.flush()
        return row

    def add_money(self, statement: review.Made) -> None:
        """Mark the submitted statement; add a draft one, a paid case and the account."""
        submitted = statement.get()
        submitted.number = f"JS-{self.token}"
        submitted.payee = {"name": f"所{self.token}", "bank": "行", "account": f"62{self.token}"}
        draft = Statement(
            number=f"JS-{self.token}-D",
            street_code=self.tenant.town.street_code,
            month=DAY.replace(day=1),
            status="draft",
            computed_at=clock.now(),
        )
        account = FirmAccount(payee=f"收款{self.token}", bank="行", account=f"62{self.token}")
        db.session.add_all([draft, account])
        db.session.flush()
        seal(submitted, "submit")
        add_freeze(self, submitted)
        db.session.add(CasePayment(case_number=f"AJ-{self.token}", statement_id=submitted.id))
        self.note(line_id=statement.lines()[0].id, draft_id=draft.id)

    def try_workbook(self) -> None:
        """Keep an upload, as the page of the workbook does."""
        data = upload_of(self.token)
        trials.keep(self.tenant.firm_id, data)
        name = f"{self.token}.xlsx"
        trial = trials.note(self.tenant.firm_id, name, workbook.try_workbook(data))
        self.note(digest=trial.digest)

    def ask_about(self, statement: review.Made) -> None:
        """Let the office ask about the first line."""
        line = statement.lines()[0]
        row = LineQuery(
            firm_id=self.tenant.firm_id,
            statement_id=statement.id,
            line_id=line.id,
            street_code=self.tenant.town.street_code,
            version=1,
            reason="visits",
            words=f"疑问{self.token}",
            asked_at=datetime(2026, 11, 3, 9, tzinfo=clock.SHANGHAI),
            asked_by_name=f"经办{self.token}",
        )
        line.review = "queried"
        db.session.add(row)
        db.session.flush()
        self.note(query_id=row.id)

    def add_people(self) -> None:
        """Name the firm, invite a colleague with an unused link, note an act on accounts."""
        name = f"某某{self.token}律师事务所"
        self.note(firm_name=name)
        db.session.execute(update(Firm).where(Firm.id == self.tenant.firm_id).values(name=name))
        email = f"{self.token.lower()}@example.test"
        joined = people.join(email, f"王{self.token}", self.tenant.scope, Role.CLERK)
        token = people.make_link(joined.person)
        town = self.tenant.town.scope
        official = people.join(f"office-{email}", f"经办{self.token}", town, Role.CHECKER)
        db.session.flush()
        history.note("invite", scope=self.tenant.scope, name=self.token)
        self.note(membership_id=joined.id, token=token, office_membership=official.id)
        add_account(self, joined)
