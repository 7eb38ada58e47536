"""Forms of a contract's text: a clause, the choice of clauses, a scan, the filing."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    BooleanField,
    DateField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.agreements import queries
from counselhub.agreements.actions import ClauseEntry
from counselhub.agreements.models import ContractClause
from counselhub.contracts.kinds import ContractKind
from counselhub.contracts.models import Contract
from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form, RevisionForm, blank_to_none, given, text
from counselhub.pairings.scans import LARGEST_BYTES
from counselhub.products import document_queries

NEEDED = InputRequired(_l("请填写"))
PLAIN = "plain"


class ClauseForm(RevisionForm):
    """A clause of the library."""

    title = StringField(_l("条款名称"), [NEEDED, Length(max=40, message=_l("最多40字"))])
    body = TextAreaField(_l("条款内容"), [NEEDED, Length(max=4000, message=_l("最多4000字"))])
    position = IntegerField(
        _l("顺序"), [NEEDED, NumberRange(1, 999, _l("请填写1到%(max)s之间的整数"))]
    )
    contract_kind = SelectField(_l("用于"), [Optional()])
    is_mandatory = BooleanField(_l("必备条款"))

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the kinds of contracts."""
        super().__init__(*args, **kwargs)
        self.contract_kind.choices = [("", _("两种合同都用")), *ContractKind.choices()]

    def entry(self) -> ClauseEntry:
        """Return the clause, after validation."""
        return ClauseEntry(
            title=text(self.title),
            body=text(self.body),
            position=given(self.position),
            contract_kind=blank_to_none(self.contract_kind),
            is_mandatory=bool(self.is_mandatory.data),
        )


def clause_form(row: ContractClause) -> ClauseForm:
    """Return the form as the clause now is."""
    names = ("revision", "title", "body", "position", "is_mandatory")
    values = {name: getattr(row, name) for name in names}
    return ClauseForm(formdata=None, data=values | {"contract_kind": row.contract_kind or ""})


class DraftForm(RevisionForm):
    """The clauses and the template of a text."""

    template = SelectField(_l("Word 模板"))
    clauses = BoxesField(_l("条款"))
    _rows: list[ContractClause]

    def offer(self, contract: Contract) -> "DraftForm":
        """Offer the clauses for this kind of contract, and the firm's templates."""
        self._rows = queries.clauses(contract.kind)
        self.clauses.choices = [(str(one.id), one.title) for one in self._rows]
        own = [(str(one.id), one.name) for one in document_queries.templates()]
        self.template.choices = [(PLAIN, _("通用版式")), *own]
        return self

    def codes(self) -> list[str]:
        """Return the code of each clause that is offered."""
        return [str(one.id) for one in self._rows]

    def chosen(self) -> list[ContractClause]:
        """Return the ticked clauses in their order, after validation."""
        ticked = set(self.clauses.data or ())
        return [one for one in self._rows if str(one.id) in ticked]

    def template_id(self) -> UUID | None:
        """Return the firm's template, None for the plain layout; after validation."""
        return None if self.template.data == PLAIN else UUID(self.template.data)


def draft_form(contract: Contract) -> DraftForm:
    """Return the form with every clause ticked that a contract of this kind has."""
    form = DraftForm(formdata=None, data={"revision": contract.revision, "template": PLAIN})
    form.offer(contract)
    form.clauses.data = form.codes()
    return form


class ScanForm(Form):
    """A scan of the signed contract."""

    scan = FileField(_l("扫描件或照片"), [InputRequired(_l("请选择文件"))])

    def sent(self) -> tuple[str, bytes]:
        """Return name and bytes, one more than there may be at most."""
        return self.scan.data.filename or "", self.scan.data.read(LARGEST_BYTES + 1)


class FilingForm(RevisionForm):
    """Number and day of the filing."""

    number = StringField(_l("备案号"), [NEEDED, Length(max=60, message=_l("最多60字"))])
    filed_on = DateField(_l("备案日期"), [NEEDED])
    receipt = FileField(_l("备案回执"), [Optional()])

    def sent(self) -> tuple[str, bytes] | None:
        """Return name and bytes of the receipt, None without one."""
        file = self.receipt.data
        return (file.filename, file.read(LARGEST_BYTES + 1)) if file and file.filename else None


def filing_form(contract: Contract) -> FilingForm:
    """Return the form with what is noted already."""
    return FilingForm(
        formdata=None,
        data={
            "revision": contract.revision,
            "number": contract.filing_number,
            "filed_on": contract.filed_on,
        },
    )
