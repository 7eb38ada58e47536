"""Forms of attendance: an upload, a settlement, who and where, the interface."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import (
    DateField,
    HiddenField,
    PasswordField,
    RadioField,
    SelectField,
    StringField,
    TimeField,
    ValidationError,
)
from wtforms.validators import InputRequired, Length, Optional

from counselhub.attendance import grids
from counselhub.attendance.kinds import Vendor, Verdict
from counselhub.attendance.settling import Settlement
from counselhub.core import clock
from counselhub.core.forms import Form, text
from counselhub.core.uploads import UploadError
from counselhub.duty import queries as duty
from counselhub.places.models import short_name

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
IGNORED = "-"
OLDEST_DAYS = 180
"""How far back the interface of DingTalk answers."""


class UploadForm(Form):
    """One export, .xlsx or .xls."""

    file = FileField(
        _l("打卡文件（.xlsx 或 .xls）"),
        [
            FileRequired(_l("请选择一个文件")),
            FileAllowed(["xlsx", "xls"], _l("请选择 .xlsx 或 .xls 文件")),
        ],
    )

    def validate_file(self, field: FileField) -> None:
        """Judge the content, whatever the name says: nothing else is kept."""
        try:
            grids.judge(field.data.read())
        except UploadError as refusal:
            raise ValidationError(refusal.message) from refusal
        finally:
            field.data.seek(0)


class SettlementForm(Form):
    """How a difference is settled, and why."""

    verdict = RadioField(_l("以哪边为准"), [CHOSEN])
    arrived = TimeField(_l("实际到岗"), [Optional()])
    left = TimeField(_l("实际离开"), [Optional()])
    reason = StringField(_l("原因"), [NEEDED, Length(max=200)])
    revision = HiddenField()

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the fields; both times or none, the later one last."""
        is_sound = super().validate(extra_validators)
        arrived, left = self.arrived.data, self.left.data
        if bool(arrived) != bool(left):
            self.left.errors = [*self.left.errors, _("到岗和离开请都填写，或都留空")]
            return False
        if arrived and left and left <= arrived:
            self.left.errors = [*self.left.errors, _("离开要晚于到岗")]
            return False
        return is_sound

    def settlement(self) -> Settlement:
        """What was decided, after validation; the times only count for neither."""
        verdict = Verdict.of(self.verdict.data)
        is_neither = verdict is Verdict.NEITHER
        return Settlement(
            verdict,
            text(self.reason),
            self.arrived.data if is_neither else None,
            self.left.data if is_neither else None,
        )


def settlement_form(revision: int | None = None, *, fresh: bool = False) -> SettlementForm:
    """Return the form with its choices; fresh: never from what was sent."""
    given = {"formdata": None} if fresh else {}
    form = SettlementForm(data={"revision": revision}, **given)
    form.verdict.choices = Verdict.choices()
    return form


class ManyForm(Form):
    """One decision on several differences; neither is decided one by one."""

    verdict = RadioField(_l("以哪边为准"), [CHOSEN])
    reason = StringField(_l("原因"), [NEEDED, Length(max=200)])

    def settlement(self) -> Settlement:
        """What was decided, after validation."""
        return Settlement(Verdict.of(self.verdict.data), text(self.reason))


def many_form() -> ManyForm:
    """Return the form with its choices."""
    form = ManyForm()
    form.verdict.choices = [(one.value, one.label) for one in (Verdict.PHONE, Verdict.RECORD)]
    return form


class AccountForm(Form):
    """A userid that is known before its first punch."""

    vendor = SelectField(_l("系统"), [CHOSEN])
    userid = StringField(_l("UserId"), [NEEDED, Length(max=64)])
    adviser_id = SelectField(_l("律师"), [CHOSEN])

    def adviser(self) -> UUID:
        """Whose it is, after validation."""
        return UUID(self.adviser_id.data)


def account_form() -> AccountForm:
    """Return the form with its choices."""
    form = AccountForm()
    form.vendor.choices = Vendor.choices()
    people = [(str(one.id), one.name) for one in duty.advisers()]
    form.adviser_id.choices = [("", _("请选择")), *people]
    return form


def place_choices() -> list[tuple[str, str]]:
    """Return what an address can be: nothing yet, no place of duty, or a community."""
    served = [(one.code, short_name(one.name)) for one in duty.served_communities()]
    return [("", _("（还不知道）")), (IGNORED, _("不是值班地点（如律所）")), *served]


class LinkForm(Form):
    """The firm's key to DingTalk's interface; a blank secret keeps the one that is sealed."""

    app_key = StringField(_l("AppKey"), [NEEDED, Length(max=100)])
    secret = PasswordField(_l("AppSecret"), [Optional(), Length(max=200)])
    since = DateField(_l("从哪天开始取"), [NEEDED])
    revision = HiddenField()

    def validate_since(self, field: DateField) -> None:
        """DingTalk keeps half a year."""
        if field.data and field.data > clock.today():
            raise ValidationError(_("不能晚于今天"))
        if field.data and (clock.today() - field.data).days >= OLDEST_DAYS:
            raise ValidationError(_("钉钉只提供最近 %(days)d 天的记录", days=OLDEST_DAYS))
