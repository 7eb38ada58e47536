"""Forms of clients: who it is, why the full data is looked at, why it is erased."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, HiddenField, RadioField, StringField
from wtforms.validators import InputRequired, Length, Optional

from counselhub.clients.actions import ClientEntry
from counselhub.clients.kinds import EraseReason, UnmaskReason
from counselhub.core.forms import Form, text
from counselhub.core.personal_fields import NameField, PhoneField

CHOSEN = InputRequired(_l("请选择"))


class ClientForm(Form):
    """Name and phone, either of which may be missing."""

    name = NameField(_l("姓名"), [Optional()])
    phone = PhoneField(_l("电话"), [Optional()])
    informed = BooleanField(_l("已告知本人：记什么、做什么用、保存多久"))
    revision = HiddenField()

    def entry(self) -> ClientEntry:
        """What was written, after validation."""
        return ClientEntry(text(self.name), text(self.phone), bool(self.informed.data))


class SearchForm(Form):
    """The whole number: names are sealed and cannot be searched."""

    phone = PhoneField(_l("电话"), [InputRequired(_l("请填写完整的电话号码"))])


class UnmaskForm(Form):
    """Why somebody looks at the full name and phone."""

    reason = RadioField(_l("查看原因"), [CHOSEN])
    words = StringField(_l("说明"), [Optional(), Length(max=200)])


class EraseForm(Form):
    """Why a client is erased, and that the consequences were read."""

    reason = RadioField(_l("删除原因"), [CHOSEN])
    blank = BooleanField(_l("同时清空未封存月份的服务内容和附件"))
    sure = BooleanField(_l("我已核对，知道删除后不能恢复"), [InputRequired(_l("请先勾选确认"))])
    revision = HiddenField()


def unmask_form() -> UnmaskForm:
    """Return the form with its reasons."""
    form = UnmaskForm()
    form.reason.choices = UnmaskReason.choices()
    return form


def erase_form(revision: int) -> EraseForm:
    """Return the form with its reasons, opened at `revision`."""
    form = EraseForm(data={"revision": revision})
    form.reason.choices = EraseReason.choices()
    return form
