"""Forms of revised texts."""

from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import (
    Field,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange, Optional, ValidationError

from counselhub.core.access import allowed
from counselhub.core.errors import RefusedError
from counselhub.core.forms import Form, blank_to_none, given, revision_of, show_refusal, text
from counselhub.core.members import Member
from counselhub.core.paging import YEARS
from counselhub.core.permissions import Permission
from counselhub.duty.queries import advisers, served_communities
from counselhub.places.models import short_name
from counselhub.products import reading
from counselhub.products.kinds import Answer, Risk, TextKind
from counselhub.products.reading import Sent
from counselhub.products.text_actions import OpinionEntry, TextEntry
from counselhub.products.text_models import TextReview
from counselhub.services.models import ServiceRecord

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=1000, message=_l("最多1000字"))
TITLE = Length(max=80, message=_l("最多80字"))
NUMBER = Length(max=40, message=_l("最多40字"))


def in_years(_form: Form, field: Field) -> None:
    """Refuse a day far in the past or to come: a slip of the hand. Raises ValidationError."""
    if field.data and field.data.year not in YEARS:
        raise ValidationError(
            _("年份应在 %(first)d 至 %(last)d 之间。", first=YEARS[0], last=YEARS[-1])
        )


class RevisionForm(Form):
    """The revision of the row that its reader saw."""

    revision = HiddenField()

    @property
    def seen(self) -> int | None:
        """The revision as a number, None when none was sent."""
        return revision_of(self.revision)


class PlacedForm(RevisionForm):
    """Whose work it is, where, and the service that it is the fruit of."""

    community_code = SelectField(_l("社区"), [CHOSEN])
    adviser_id = SelectField(_l("律师"), [Optional()])
    service = StringField(_l("服务记录编号"), [Optional(), NUMBER])

    @property
    def adviser(self) -> UUID | None:
        """The lawyer that was chosen, None for the own."""
        return UUID(self.adviser_id.data) if self.adviser_id.data else None

    def offer(self, by: Member, own: tuple[UUID, str] | None = None) -> None:
        """Offer the firm's communities; its lawyers to who looks after all, else only `own`."""
        places = [(one.code, short_name(one.name)) for one in served_communities()]
        self.community_code.choices = [("", _("请选择社区")), *places]
        people = advisers() if allowed(by, Permission.SERVICE_MANAGE) else [own] if own else []
        blank = ("", _("本人") if by.adviser_id else _("请选择律师"))
        self.adviser_id.choices = [blank, *((str(key), name) for key, name in people)]


class TextForm(PlacedForm):
    """What a text is."""

    kind = RadioField(_l("类型"), [CHOSEN])
    title = StringField(_l("文本名称"), [NEEDED, TITLE])

    def entry(self) -> TextEntry:
        """What was typed, after validation."""
        return TextEntry(
            TextKind.of(self.kind.data),
            text(self.title),
            self.community_code.data,
            self.adviser,
            text(self.service),
        )


class SentMixin:
    """A text that is pasted or sent as a file; `sent` is there once it was judged."""

    sent: Sent | None = None

    def judge(self, form: Any) -> bool:
        """Read the text; what is wrong with it is shown at its field."""
        field = form.file if form.file.data else form.pasted
        try:
            if form.file.data:
                content = form.file.data.read(reading.LARGEST_BYTES + 1)
                self.sent = reading.read(form.file.data.filename or "", content)
            else:
                self.sent = reading.pasted(text(form.pasted))
        except RefusedError as refusal:
            show_refusal(field, refusal)
        return self.sent is not None

    @property
    def arrived(self) -> Sent:
        """The text of a form that was found valid."""
        if self.sent is None:
            raise ValueError("only a valid form has a text")
        return self.sent


class NewTextForm(TextForm, SentMixin):
    """A text with its first version."""

    file = FileField(_l("上传文件"), [Optional()])
    pasted = TextAreaField(_l("或者粘贴全文"), [Optional()])

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the text with the rest."""
        is_valid = super().validate(extra_validators)
        return self.judge(self) and is_valid


class VersionForm(RevisionForm, SentMixin):
    """A further version."""

    file = FileField(_l("上传文件"), [Optional()])
    pasted = TextAreaField(_l("或者粘贴全文"), [Optional()])
    remark = StringField(_l("这一版改了什么"), [Optional(), TITLE])

    def validate(self, extra_validators: Any = None) -> bool:
        """Judge the text with the rest."""
        is_valid = super().validate(extra_validators)
        return self.judge(self) and is_valid


class OpinionForm(Form):
    """What is said of a paragraph."""

    number = HiddenField()
    paragraph = IntegerField(_l("第几段"), [NEEDED, NumberRange(min=1, message=_l("请选择段落"))])
    risk = RadioField(_l("风险"), [CHOSEN])
    words = TextAreaField(_l("意见"), [NEEDED, WORDS])
    proposal = TextAreaField(_l("建议表述"), [Optional(), WORDS])

    def entry(self) -> OpinionEntry:
        """What was typed, after validation; a version that is no number is none."""
        number = revision_of(self.number)
        risk = Risk.of(self.risk.data)
        proposal = blank_to_none(self.proposal)
        return OpinionEntry(number or 0, given(self.paragraph), risk, text(self.words), proposal)


class AnswerForm(RevisionForm):
    """What became of an opinion."""

    answer = SelectField(_l("采纳情况"), [CHOSEN])


class SettleForm(RevisionForm):
    """The version that stands, and what is said of the whole."""

    settled = SelectField(_l("定稿版本"), [CHOSEN], coerce=int)
    conclusion = TextAreaField(_l("总体意见"), [Optional(), WORDS])


class VoidForm(RevisionForm):
    """Why a text is given up."""

    reason = TextAreaField(_l("原因"), [NEEDED, WORDS])


def new_text_form(by: Member, record: ServiceRecord | None = None) -> NewTextForm:
    """Return the form of a new text, filled from the service that it is the fruit of."""
    form = NewTextForm(data=begun(by, record))
    form.kind.choices = TextKind.choices()
    form.offer(by)
    return form


def begun(by: Member, record: ServiceRecord | None) -> dict[str, Any]:
    """Return what a service record fills in."""
    if record is None:
        return {"adviser_id": str(by.adviser_id or "")}
    return {
        "kind": record.kind,
        "community_code": record.community_code,
        "adviser_id": str(record.adviser_id),
        "service": record.number,
    }


def text_form(by: Member, review: TextReview) -> TextForm:
    """Return the form of a text, filled with what it is."""
    held = {name: getattr(review, name) for name in ("kind", "title", "community_code", "revision")}
    held |= {
        "adviser_id": str(review.adviser_id),
        "service": review.service.number if review.service else "",
    }
    form = TextForm(data=held)
    form.kind.choices = TextKind.choices()
    form.offer(by, (review.adviser_id, review.adviser.name))
    return form


def opinion_form(**values: object) -> OpinionForm:
    """Return the form of an opinion; `values` fill it unless something was sent."""
    form = OpinionForm(data={"risk": Risk.MIDDLE.value} | values)
    form.risk.choices = Risk.choices()
    return form


def answer_form() -> AnswerForm:
    """Return the form of an answer."""
    form = AnswerForm()
    form.answer.choices = Answer.choices()
    return form


def settle_form(review: TextReview, *, is_sent: bool) -> SettleForm:
    """Return the form that settles a text, its last version chosen."""
    held = {
        "settled": review.last_number,
        "revision": review.revision,
        "conclusion": review.conclusion,
    }
    form = SettleForm(data=held) if is_sent else SettleForm(formdata=None, data=held)
    numbers = range(review.last_number, 0, -1)
    form.settled.choices = [(one, _("第%(number)d版", number=one)) for one in numbers]
    return form
