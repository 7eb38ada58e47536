"""Forms of the reconciliation: an upload, tolerances, a settlement, an answer, a new version."""

from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from counselhub.core import clock, paging, uploads
from counselhub.core.fields import YuanField
from counselhub.core.forms import Form, RevisionForm, given, text
from counselhub.core.uploads import UploadError
from counselhub.ledgers.actions.settling import Settlement
from counselhub.ledgers.kinds import Cause, Party
from counselhub.ledgers.layout import Field
from counselhub.ledgers.models import LedgerLine

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=500, message=_l("最多500字"))
MOST_MINUTES = 10_000


class UploadForm(Form):
    """A ledger of one month; of one firm, or of all firms of the street."""

    month = StringField(_l("月份"), [NEEDED])
    firm = SelectField(_l("律师事务所"), [Optional()], choices=[], validate_choice=True)
    file = FileField(
        _l("台账（.xlsx）"),
        [
            FileRequired(_l("请选择一个文件")),
            FileAllowed(["xlsx"], _l("请选择 .xlsx 文件；旧版 .xls 请在 Excel 中另存为 .xlsx")),
        ],
    )

    def validate_month(self, field: StringField) -> None:
        """Take a month as `2026-10`, none to come. Raises ValidationError."""
        found = paging.month_of(text(field))
        if found is None:
            raise ValidationError(_("请写成 2026-10"))
        if found > clock.this_month():
            raise ValidationError(_("不能是以后的月份"))

    def validate_file(self, field: FileField) -> None:
        """Judge the content, whatever the name says."""
        try:
            uploads.judge_workbook(field.data.read())
        except UploadError as refusal:
            raise ValidationError(refusal.message) from refusal
        finally:
            field.data.seek(0)


def upload_form(firms: list[tuple[str, str]]) -> UploadForm:
    """Return the form for the last month. firms: codes and names of those of the street."""
    form = UploadForm(data={"month": f"{clock.previous_month(clock.today()):%Y-%m}"})
    form.firm.choices = [("", _("全部律所")), *firms]
    return form


def mapping_sent() -> dict[str, str]:
    """Return which header was chosen for each field, "" for none; texts of a usual length."""
    return {one.value: request.form.get(f"map-{one.value}", "")[:200].strip() for one in Field}


class ToleranceForm(RevisionForm):
    """How far the sides may lie apart and still agree."""

    amount = YuanField(_l("金额相差不超过"), [Optional()])
    minutes = IntegerField(
        _l("时长相差不超过"),
        [Optional(), NumberRange(0, MOST_MINUTES, _l("请填写不小于0的整数"))],
    )
    visits = IntegerField(
        _l("次数相差不超过"), [Optional(), NumberRange(0, 100, _l("请填写0到100之间的整数"))]
    )


class SettleForm(RevisionForm):
    """Whose record was wrong, and why; lines: how many a bulk settlement names."""

    lines = HiddenField()
    party = RadioField(_l("差异归属"), [CHOSEN], choices=[])
    cause = SelectField(_l("原因"), [CHOSEN], choices=[])
    words = TextAreaField(_l("说明"), [Optional(), WORDS])

    def settlement(self) -> Settlement:
        """What was chosen, after validation."""
        return Settlement(
            Party.of(given(self.party)), Cause.of(given(self.cause)), text(self.words)
        )


def settle_form(*, is_many: bool = False, **data: Any) -> SettleForm:
    """Return the form; formdata=None keeps what was sent out of it. is_many: of a whole filter."""
    sent = {"formdata": data.pop("formdata")} if "formdata" in data else {}
    form = SettleForm(data=data, **sent)
    parties = [one for one in Party if not (is_many and one is Party.STATEMENT)]
    form.party.choices = [(one.value, one.label) for one in parties]
    form.cause.choices = [("", _("请选择")), *Cause.choices()]
    return form


class AnswerForm(RevisionForm):
    """What the firm says to a difference; its names carry the line's, for many on a page."""

    answer = RadioField(_l("答复"), [CHOSEN], choices=[])
    words = StringField(_l("说明"), [Optional(), WORDS])


def answer_form(line: LedgerLine, *, is_sent: bool) -> AnswerForm:
    """Return the form that answers one line: as it was sent, or fresh."""
    sent = {} if is_sent else {"formdata": None}
    form = AnswerForm(prefix=f"{line.id.hex}-", data={"revision": line.revision}, **sent)
    form.answer.choices = [("agree", _("认可")), ("dispute", _("有异议"))]
    return form


class ReasonForm(RevisionForm):
    """Why a new version is opened."""

    reason = StringField(_l("另开新版的原因"), [NEEDED, Length(max=200)])
