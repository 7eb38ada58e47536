"""The form that names an administrator."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, SelectField
from wtforms.validators import InputRequired

from counselhub.core.forms import Form


class NamingForm(Form):
    """Whom to name; `seen` is the holding that the page showed."""

    membership_id = SelectField(
        _l("由谁担任"), [InputRequired(_l("请选择一位同事"))], validate_choice=False
    )
    seen = HiddenField()
