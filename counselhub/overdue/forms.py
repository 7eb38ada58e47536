"""Forms of late statements."""

from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from counselhub.core.forms import RevisionForm
from counselhub.cutoffs.kinds import LateCause

MOST = Length(max=500, message=_l("最多500字"))


class AskForm(RevisionForm):
    """Why the month comes late."""

    cause = RadioField(_l("逾期原因"), [InputRequired(_l("请选择"))])
    words = TextAreaField(_l("情况说明"), [InputRequired(_l("请填写")), MOST])


class AllowForm(RevisionForm):
    """Until when the office takes it."""

    until = DateField(_l("准许补交到"), [InputRequired(_l("请填写"))])
    answer = TextAreaField(_l("答复"), [Optional(), MOST])


class RefuseForm(RevisionForm):
    """Why it does not."""

    answer = TextAreaField(_l("不准许的理由"), [InputRequired(_l("请填写")), MOST])


def ask_form(**given: object) -> AskForm:
    """Return the form with its choices. given: what it is filled with before anything was sent."""
    form = AskForm(**given)
    form.cause.choices = LateCause.choices()
    return form
