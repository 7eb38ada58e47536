"""Forms of spot checks: a draw, what was found, when to answer, the answer, the decision."""

from datetime import datetime
from uuid import UUID

from flask import current_app
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from itsdangerous import BadSignature, Signer
from wtforms import DateField, HiddenField, IntegerField, RadioField, StringField, TextAreaField
from wtforms.validators import (
    InputRequired,
    Length,
    NumberRange,
    Optional,
    ValidationError,
)

from counselhub.core import clock
from counselhub.core.forms import Form, given, revision_of, text
from counselhub.core.ids import uuid7
from counselhub.core.uploads import UploadError
from counselhub.spotchecks.actions import ANSWER_DAYS, Found, Reply
from counselhub.spotchecks.draw_actions import Order
from counselhub.spotchecks.kinds import Answer, Finding
from counselhub.spotchecks.models import SpotCheck
from counselhub.spotchecks.pictures import Picture, rewritten

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
WORDS = Length(max=1000, message=_l("最多1000字"))
LARGEST_SEED = 2**62
MOST_DRAWN = 200


class RevisionForm(Form):
    """The revision of the row that its reader saw."""

    revision = HiddenField()

    @property
    def seen(self) -> int | None:
        """The revision as a number, None when none was sent."""
        return revision_of(self.revision)


class DrawForm(Form):
    """What to draw."""

    first_on = DateField(_l("从"), [NEEDED])
    last_on = DateField(_l("到"), [NEEDED])
    count = IntegerField(
        _l("抽几个社区"),
        [NEEDED, NumberRange(1, MOST_DRAWN, _l("请填写1到%(max)s之间的整数"))],
    )
    seed = IntegerField(
        _l("种子"), [Optional(), NumberRange(0, LARGEST_SEED, _l("请填写不太大的正整数"))]
    )

    def order(self) -> Order:
        """What was asked for, after validation."""
        return Order(given(self.first_on), given(self.last_on), given(self.count), self.seed.data)


class PhotoForm(RevisionForm):
    """A form that may bring a photo; it is written anew while the form is judged."""

    photo = FileField(_l("照片"), [Optional()])
    picture: Picture | None = None

    def validate_photo(self, field: FileField) -> None:
        """Rewrite the photo. Raises ValidationError for what is none."""
        if not field.data:
            return
        try:
            self.picture = rewritten(field.data.read())
        except UploadError as refusal:
            raise ValidationError(refusal.message) from refusal


class FindingForm(PhotoForm):
    """What the checker found on site; `key` and `opened` come from the page."""

    key = HiddenField()
    opened = HiddenField()
    finding = RadioField(_l("检查结果"), [CHOSEN], choices=[])
    found_name = StringField(_l("替班人姓名"), [Optional(), Length(max=60)])
    words = TextAreaField(_l("现场情况"), [Optional(), WORDS])

    def found(self, check: SpotCheck) -> Found:
        """What was typed, after validation."""
        return Found(
            Finding.of(self.finding.data),
            text(self.found_name),
            text(self.words),
            self.picture,
            _key(text(self.key)),
            opened_at(text(self.opened), check),
        )


def finding_form(check: SpotCheck, *, fresh: bool = False) -> FindingForm:
    """Return the form, filled with what was found before. fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    values = {name: getattr(check, name) for name in ("finding", "found_name", "words", "revision")}
    form = FindingForm(data=values | {"key": str(uuid7()), "opened": opened(check)}, **sent)
    form.finding.choices = Finding.choices()
    return form


def _signer() -> Signer:
    return Signer(str(current_app.secret_key), salt="spot-check")


def opened(check: SpotCheck) -> str:
    """Return this moment, signed for the page of one check."""
    return _signer().sign(f"{check.id}|{clock.now().isoformat()}").decode()


def opened_at(signed: str, check: SpotCheck) -> datetime | None:
    """Return when the page was opened, None for what we never signed, or for another check."""
    try:
        row_id, _bar, at = _signer().unsign(signed).decode().partition("|")
    except BadSignature:
        return None
    return datetime.fromisoformat(at) if row_id == str(check.id) else None


def _key(sent: str) -> UUID | None:
    try:
        return UUID(sent)
    except ValueError:
        return None


class PublishForm(RevisionForm):
    """How long the firm has to answer."""

    days = IntegerField(
        _l("答复期限"),
        [NEEDED, NumberRange(1, 30, _l("请填写1到30之间的整数"))],
        default=ANSWER_DAYS,
    )


class AnswerForm(PhotoForm):
    """What the firm says to a finding."""

    answer = RadioField(_l("对结果"), [CHOSEN], choices=[])
    words = TextAreaField(_l("说明"), [Optional(), WORDS])

    def reply(self) -> Reply:
        """What was typed, after validation."""
        return Reply(Answer.of(self.answer.data), text(self.words), self.picture)


def answer_form(check: SpotCheck, *, fresh: bool = False) -> AnswerForm:
    """Return the form of the firm's answer. fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    form = AnswerForm(data={"revision": check.revision}, **sent)
    form.answer.choices = Answer.choices()
    return form


class SettleForm(RevisionForm):
    """Why the finding stands; needed when the firm disagrees."""

    words = TextAreaField(_l("裁定意见"), [Optional(), WORDS])


class WithdrawForm(RevisionForm):
    """Why a check is taken back."""

    reason = StringField(_l("撤销原因"), [NEEDED, Length(max=200)])


def seed_hint() -> str:
    """Say what a seed is for."""
    return str(_("空着由系统随机给出；要当众抽签，可以填现场掷出或公布的数字。"))
