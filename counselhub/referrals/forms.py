"""Forms of referrals."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import (
    DateField,
    HiddenField,
    RadioField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, Optional

from counselhub.core import clock
from counselhub.core.fields import BoxesField, UpToToday
from counselhub.core.forms import Form, WhenGiven, given, text
from counselhub.leave.queries import present_advisers
from counselhub.referrals.actions import Plea
from counselhub.referrals.after_actions import Told, Visit
from counselhub.referrals.gather import Suggestion
from counselhub.referrals.kinds import (
    DeclineWhy,
    FeedbackTo,
    Satisfaction,
    Speciality,
    Urgency,
)
from counselhub.referrals.models import Referral
from counselhub.services.kinds import DisputeKind, ServiceKind
from counselhub.services.models import ServiceRecord

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
LONGEST = 2000


def people_choices(*, without: UUID | None = None) -> list[tuple[str, str]]:
    """Return (id, name) of the lawyers who have not left; one statement."""
    present = present_advisers(clock.today())
    return [(str(row.id), row.name) for row in present if row.id != without]


class PleaForm(Form):
    """What is asked for."""

    revision = HiddenField()
    speciality = SelectField(_l("类别"), [CHOSEN])
    urgency = RadioField(_l("紧急程度"), [CHOSEN])
    words = TextAreaField(_l("案由和难点"), [NEEDED, Length(max=LONGEST)])

    def plea(self) -> Plea:
        """What was asked for, after validation."""
        return Plea(
            Speciality.of(given(self.speciality)), Urgency.of(given(self.urgency)), text(self.words)
        )


def plea_form(of: ServiceRecord | Referral, *, fresh: bool = False) -> PleaForm:
    """Return the form filled from a service or a referral; fresh: never from what was sent."""
    sent = {"formdata": None} if fresh else {}
    known = _of_referral(of) if isinstance(of, Referral) else _of_service(of)
    form = PleaForm(data=known, **sent)
    form.speciality.choices = Speciality.choices()
    form.urgency.choices = Urgency.choices()
    return form


def _of_referral(row: Referral) -> dict[str, object]:
    return {
        "revision": row.revision,
        "speciality": row.speciality,
        "urgency": row.urgency,
        "words": row.words,
    }


def _of_service(record: ServiceRecord) -> dict[str, object]:
    words = record.note.content if record.note else record.outcome or ""
    return {
        "speciality": speciality_of(record),
        "urgency": Urgency.NORMAL.value,
        "words": words[:LONGEST],
    }


def speciality_of(record: ServiceRecord) -> str:
    """Return the kind that a service's dispute or service kind stands for."""
    known = {one.value for one in Speciality}
    for code in (record.dispute_kind, record.kind):
        if code in known and code not in (DisputeKind.OTHER, ServiceKind.OTHER):
            return str(code)
    return Speciality.OTHER.value


class TriageForm(Form):
    """What the desk settles."""

    revision = HiddenField()
    speciality = SelectField(_l("类别"), [CHOSEN])
    urgency = RadioField(_l("紧急程度"), [CHOSEN])


def triage_form(row: Referral, *, fresh: bool = False) -> TriageForm:
    """Return the form with its choices; fresh: never from what was sent."""
    form = TriageForm(data=_of_referral(row), **({"formdata": None} if fresh else {}))
    form.speciality.choices = Speciality.choices()
    form.urgency.choices = Urgency.choices()
    return form


class FormationForm(Form):
    """Whom to ask, in the order of the page, and who helps; nobody chosen: as suggested."""

    revision = HiddenField()
    team_id = SelectField(_l("团队"), [Optional()])
    asked = BoxesField(_l("征询"), [Optional()])
    helpers = BoxesField(_l("协办"), [Optional()])


def formation_form(row: Referral, found: Suggestion) -> FormationForm:
    """Return the form with everybody as a choice; the rules say who may."""
    form = FormationForm(revision=row.revision)
    people = [(str(one.lawyer.id), one.lawyer.name) for one in found.ranked]
    teams = [(str(one.id), one.name) for one in found.teams.values()]
    form.team_id.choices = [("", _l("（不指定团队）")), *teams]
    form.asked.choices = form.helpers.choices = people
    return form


class WordsForm(Form):
    """An act with its reason."""

    revision = HiddenField()
    words = StringField(_l("说明"), [NEEDED, Length(max=300)])


class MatterForm(Form):
    """The number of the matter that it belongs to."""

    revision = HiddenField()
    number = StringField(_l("事项编号"), [NEEDED, Length(max=40)])


class ActForm(Form):
    """An act without words."""

    revision = HiddenField()


class OpinionForm(Form):
    """The opinion."""

    revision = HiddenField()
    opinion = TextAreaField(_l("意见"), [NEEDED, Length(max=10_000)])


class DeclineForm(Form):
    """Why not."""

    revision = HiddenField()
    why = RadioField(_l("原因"), [CHOSEN])
    words = StringField(_l("说明"), [WhenGiven(), Length(max=300)])


def decline_form(*, fresh: bool = False) -> DeclineForm:
    """Return the form with its choices; fresh: never from what was sent."""
    form = DeclineForm(**({"formdata": None} if fresh else {}))
    form.why.choices = DeclineWhy.choices()
    return form


class TransferForm(Form):
    """To whom, and why."""

    revision = HiddenField()
    to_id = SelectField(_l("接手律师"), [CHOSEN])
    words = StringField(_l("说明"), [NEEDED, Length(max=300)])


def transfer_form(row: Referral, *, fresh: bool = False) -> TransferForm:
    """Return the form with everybody but its receiver; fresh: never from what was sent."""
    form = TransferForm(revision=row.revision, **({"formdata": None} if fresh else {}))
    people = people_choices(without=row.receiver_id)
    form.to_id.choices = [("", _l("请选择")), *people]
    return form


class FeedbackForm(Form):
    """Who was told, when and what."""

    revision = HiddenField()
    whom = RadioField(_l("反馈给"), [CHOSEN])
    told_on = DateField(_l("反馈日期"), [NEEDED, UpToToday()])
    words = TextAreaField(_l("反馈内容"), [NEEDED, Length(max=LONGEST)])
    satisfaction = SelectField(_l("满意度"), [Optional()])

    def told(self) -> Told:
        """What was told, after validation."""
        rated = text(self.satisfaction)
        return Told(
            FeedbackTo.of(given(self.whom)),
            given(self.told_on),
            text(self.words),
            int(rated) if rated else None,
        )


def feedback_form(row: Referral, *, fresh: bool = False) -> FeedbackForm:
    """Return the form for today; fresh: never from what was sent."""
    known = {"revision": row.revision, "told_on": clock.today(), "whom": FeedbackTo.BOTH.value}
    form = FeedbackForm(data=known, **({"formdata": None} if fresh else {}))
    form.whom.choices = FeedbackTo.choices()
    form.satisfaction.choices = [("", _l("还没有问")), *Satisfaction.choices()]
    return form


class RatingForm(Form):
    """How satisfied they are."""

    satisfaction = RadioField(_l("满意度"), [CHOSEN])
    words = StringField(_l("还想说的话"), [WhenGiven(), Length(max=300)])


def rating_form(*, fresh: bool = False) -> RatingForm:
    """Return the form with its choices; fresh: never from what was sent."""
    form = RatingForm(**({"formdata": None} if fresh else {}))
    form.satisfaction.choices = Satisfaction.choices()
    return form


class VisitForm(Form):
    """A visit at home."""

    visited_on = DateField(_l("走访日期"), [NEEDED, UpToToday()])
    address = StringField(_l("地址"), [NEEDED, Length(max=200)])
    first_id = SelectField(_l("走访律师"), [CHOSEN])
    second_person = StringField(_l("同行人"), [NEEDED, Length(max=60)])
    result = TextAreaField(_l("走访结果"), [NEEDED, Length(max=LONGEST)])

    def visit(self) -> Visit:
        """What was seen, after validation."""
        return Visit(
            given(self.visited_on),
            text(self.address),
            UUID(given(self.first_id)),
            text(self.second_person),
            text(self.result),
        )


def visit_form(row: Referral, *, fresh: bool = False) -> VisitForm:
    """Return the form for today; fresh: never from what was sent."""
    known = {"visited_on": clock.today(), "first_id": str(row.receiver_id or row.asker_id)}
    form = VisitForm(data=known, **({"formdata": None} if fresh else {}))
    people = people_choices()
    form.first_id.choices = [("", _l("请选择")), *people]
    return form
