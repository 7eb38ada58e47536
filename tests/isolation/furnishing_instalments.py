"""An instalment of the firm's contract with an invoice, a payment and a file, each marked."""

from decimal import Decimal
from hashlib import sha256
from uuid import UUID

from counselhub.agreements.models import ContractClause, ContractPaper
from counselhub.contracts.models import ContractNotice
from counselhub.core import clock, history
from counselhub.core.db import db
from counselhub.core.members import Member
from counselhub.core.permissions import Role
from counselhub.instalments.models import Instalment, InstalmentFile, InstalmentPayment, Invoice
from tests.factories import Tenant


def add(tenant: Tenant, token: str, contract_id: UUID) -> dict[str, object]:
    """Add them; return their ids."""
    today, now = clock.today(), clock.now()
    street = {"street_code": tenant.town.street_code}
    by_whom = {"entered_at": now, "entered_by_name": f"张{token}"}
    one = Instalment(
        **street,
        contract_id=contract_id,
        position=1,
        name=f"首期{token}",
        subject="other",
        condition="day",
        amount_fen=1_000,
        due_on=today,
        status="part_paid",
        invoiced_fen=500,
        paid_fen=100,
    )
    db.session.add(one)
    db.session.flush()
    invoice = Invoice(
        **street,
        **by_whom,
        instalment_id=one.id,
        kind="electronic",
        number=f"{token}0001",
        issued_on=today,
        amount_fen=500,
        tax_percent=Decimal(6),
        buyer=f"街道{token}",
        search=f"{token}0001".lower(),
    )
    paid = InstalmentPayment(
        **street,
        **by_whom,
        instalment_id=one.id,
        paid_on=today,
        amount_fen=100,
        reference=f"LS{token}",
        payer="街道",
    )
    file = InstalmentFile(
        instalment_id=one.id,
        kind="evidence",
        digest=sha256(token.encode()).hexdigest(),
        name=f"{token}.pdf",
        ending="pdf",
        added_at=now,
        added_by_name=f"张{token}",
        content=token.encode(),
    )
    notice = ContractNotice(contract_id=contract_id, ends_on=today, days=90, noted_on=today)
    clause = ContractClause(title=f"条{token}", body=f"款{token}", position=1)
    paper = ContractPaper(
        contract_id=contract_id,
        kind="scan",
        name=f"{token}.pdf",
        ending="pdf",
        digest=sha256(token.encode()).hexdigest(),
        added_at=now,
        added_by_name=f"张{token}",
        content=token.encode(),
    )
    db.session.add_all([invoice, paid, file, notice, clause, paper])
    db.session.flush()
    by = Member(None, f"张{token}", Role.MANAGER, tenant.scope, "测试所")
    history.record(clause, "add_clause", by=by)
    history.record(one, "enter_payment", by=by, **street)
    return {
        "clause_id": clause.id,
        "contract_paper_id": paper.id,
        "instalment_id": one.id,
        "instalment_payment_id": paid.id,
        "instalment_file_id": file.id,
    }
