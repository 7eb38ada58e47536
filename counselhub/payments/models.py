"""Payment lists of a street, their rows, and the layout that its finance wants."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from counselhub.core.columns import Revised, of_firm, one_of, to_firm
from counselhub.core.db import Base
from counselhub.core.ids import uuid7
from counselhub.core.row_security import DataClass
from counselhub.core.tenancy import FirmScoped
from counselhub.payments.kinds import ItemStatus, ListStatus
from counselhub.people.models import Firm
from counselhub.places.models import Street
from counselhub.statements.models import Statement

ONE_LIVE_LIST = "uq_payment_item_live_statement"


class PaymentList(Revised, Base):
    """支付清单: what a street hands to its finance in one go. No firm reads the whole of it.

    digest: SHA-256 over its rows as they were sent (`rules.digest`), hexadecimal.
    """

    __tablename__ = "payment_list"
    __table_args__ = (
        one_of("status", ListStatus),
        CheckConstraint("(status = 'draft') = (sent_at IS NULL) OR status = 'apart'", name="sent"),
        CheckConstraint("(status = 'paid') = (paid_on IS NOT NULL)", name="paid"),
        UniqueConstraint("street_code", "number"),
        Index("ix_payment_list_street_code", "street_code", "made_at"),
    )
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    number: Mapped[str]
    status: Mapped[str] = mapped_column(default=ListStatus.DRAFT)
    made_at: Mapped[datetime]
    made_by_name: Mapped[str]
    sent_at: Mapped[datetime | None]
    sent_by_name: Mapped[str | None]
    digest: Mapped[str | None]
    paid_on: Mapped[date | None]
    reference: Mapped[str | None]
    apart_words: Mapped[str | None]

    street: Mapped[Street] = relationship(viewonly=True)
    items: Mapped[list["PaymentItem"]] = relationship(
        viewonly=True,
        order_by="PaymentItem.position",
        primaryjoin="foreign(PaymentItem.list_id) == PaymentList.id",
    )


class PaymentItem(FirmScoped, Revised, Base):
    """One statement on a list: payee and amount as they were sealed; the firm sees it once sent.

    A statement stands in one live list at most (`ONE_LIVE_LIST`).
    """

    __tablename__ = "payment_item"
    __table_args__ = (
        of_firm(),
        to_firm("statement", "statement_id"),
        one_of("status", ItemStatus),
        CheckConstraint("amount_fen > 0", name="amount_fen"),
        CheckConstraint("(status = 'bounced') = (bounce_words IS NOT NULL)", name="bounce_words"),
        Index(
            ONE_LIVE_LIST,
            "firm_id",
            "statement_id",
            unique=True,
            postgresql_where=text("status IN ('listed', 'paid')"),
        ),
        Index("ix_payment_item_list", "list_id", "position"),
        Index("ix_payment_item_street_code", "street_code"),
    )
    data_class = DataClass.OFFICE

    list_id: Mapped[UUID] = mapped_column(ForeignKey("payment_list.id"))
    statement_id: Mapped[UUID]
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    position: Mapped[int]
    amount_fen: Mapped[int]
    payee: Mapped[dict[str, Any]]
    """{name, bank, account} of the statement's last submission."""
    funding: Mapped[list[Any]]
    """[[source, fen], …]; sums to `amount_fen`."""
    status: Mapped[str] = mapped_column(default=ItemStatus.LISTED)
    published_at: Mapped[datetime | None]
    """When the list went to finance: from then on the firm sees its row."""
    paid_on: Mapped[date | None]
    reference: Mapped[str | None]
    bounced_on: Mapped[date | None]
    bounce_words: Mapped[str | None]

    payment_list: Mapped[PaymentList] = relationship(
        viewonly=True, primaryjoin="foreign(PaymentItem.list_id) == PaymentList.id"
    )
    statement: Mapped[Statement] = relationship(viewonly=True)
    firm: Mapped[Firm | None] = relationship(
        viewonly=True, primaryjoin="foreign(PaymentItem.firm_id) == Firm.id"
    )

    @property
    def is_office_only(self) -> bool:
        """Whether its acts stand in the office's record alone: the firm does not know of it."""
        return self.published_at is None


class PaymentLayout(Revised, Base):
    """支付清单版式: the workbook that a street's finance wants, with marks to be filled."""

    __tablename__ = "payment_layout"
    __table_args__ = (UniqueConstraint("street_code"),)
    data_class = DataClass.OFFICE
    is_office_only = True

    id: Mapped[UUID] = mapped_column(primary_key=True, default=uuid7)
    street_code: Mapped[str] = mapped_column(ForeignKey("street.code"))
    name: Mapped[str]
    content: Mapped[bytes] = mapped_column(deferred=True)
    sha256: Mapped[str]
    kept_at: Mapped[datetime]
    kept_by_name: Mapped[str]
