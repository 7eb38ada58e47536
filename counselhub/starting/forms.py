"""What the first path asks."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form
from counselhub.starting.kinds import Step


class StreetsForm(Form):
    """Streets to add, of those that were found."""

    streets = BoxesField(_l("街道"), [InputRequired(_l("请勾选至少一个街道。"))])


class StreetForm(Form):
    """One street to take away."""

    street = HiddenField(validators=[InputRequired(_l("请填写"))])


class StepForm(Form):
    """A step to leave out, or to take up again."""

    step = SelectField(_l("步骤"), choices=lambda: Step.choices())
