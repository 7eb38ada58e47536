"""Forms of packets."""

from collections.abc import Collection
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.datastructures import FileStorage
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
)
from wtforms.validators import InputRequired, Length, Optional

from counselhub.core import clock
from counselhub.core.fields import BoxesField, UpToToday
from counselhub.core.forms import Form, given, text
from counselhub.matters.papers import judged
from counselhub.packets import rules
from counselhub.packets.actions import Wish
from counselhub.packets.answering import Answer
from counselhub.packets.kinds import ConsentHow, PacketField, RefusalWhy
from counselhub.referrals.models import Referral

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=300)


class SendForm(Form):
    """To whom, what, on what consent."""

    revision = HiddenField()
    to_name = StringField(_l("对方律所全称"), [NEEDED, Length(max=100)])
    fields = BoxesField(_l("转出哪些内容"), [InputRequired(_l("请至少勾选一项内容"))])
    shows_client = BooleanField(_l("当事人同意向对方提供姓名和电话"))
    consent_on = DateField(_l("当事人同意的日期"), [NEEDED, UpToToday()])
    consent_how = RadioField(_l("怎么同意的"), [CHOSEN])
    paper = FileField(_l("同意书"), [InputRequired(_l("请上传当事人签字的同意书"))])
    days = SelectField(_l("答复期限"), [CHOSEN])

    def wish(self) -> Wish:
        """What was asked for, after validation. Raises PaperError for what is no consent."""
        sent = self.paper.data
        return Wish(
            to_name=text(self.to_name),
            fields=[PacketField.of(code) for code in given(self.fields)],
            shows_client=bool(given(self.shows_client)),
            consent_on=given(self.consent_on),
            consent_how=ConsentHow.of(given(self.consent_how)),
            paper=judged(sent.read() if isinstance(sent, FileStorage) else str(sent).encode()),
            days=int(given(self.days)),
        )


def send_form(
    referral: Referral, there: Collection[PacketField], *, fresh: bool = False
) -> SendForm:
    """Return the form with the fields that say something; fresh: never from what was sent."""
    known: dict[str, Any] = {
        "revision": referral.revision,
        "consent_on": clock.today(),
        "consent_how": ConsentHow.WRITTEN.value,
        "days": str(rules.USUAL),
    }
    form = SendForm(data=known, **({"formdata": None} if fresh else {}))
    form.fields.choices = [(one.value, one.label) for one in PacketField if one in there]
    form.consent_how.choices = ConsentHow.choices()
    form.days.choices = [(str(days), _("%(days)s天", days=days)) for days in rules.TERMS]
    return form


class ActForm(Form):
    """An act without words."""

    revision = HiddenField()


class OpenForm(Form):
    """Why it may be read past a possible conflict."""

    revision = HiddenField()
    words = StringField(_l("核实情况"), [Optional(), WORDS])


class AcceptForm(Form):
    """Yes, in words."""

    revision = HiddenField()
    words = StringField(_l("给对方的话"), [Optional(), WORDS])

    def answer(self) -> Answer:
        """What was said, after validation."""
        return Answer(text(self.words))


class DeclineForm(Form):
    """No, and why."""

    revision = HiddenField()
    why = RadioField(_l("原因"), [CHOSEN])
    words = StringField(_l("给对方的话"), [Optional(), WORDS])

    def answer(self) -> Answer:
        """What was said, after validation."""
        return Answer(text(self.words), RefusalWhy.of(given(self.why)))


def decline_form(*, fresh: bool = False, **known: Any) -> DeclineForm:
    """Return the form with its choices; fresh: never from what was sent."""
    form = DeclineForm(data=known, **({"formdata": None} if fresh else {}))
    form.why.choices = RefusalWhy.choices()
    return form
