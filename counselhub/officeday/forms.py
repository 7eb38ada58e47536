"""The form of a year's budget."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, StringField
from wtforms.validators import Length

from counselhub.core.fields import YuanField
from counselhub.core.forms import Form, revision_of, text
from counselhub.officeday.actions import Grant
from counselhub.officeday.models import Appropriation


class BudgetForm(Form):
    """Yuan by source; blank is not entered, 0 is nothing granted."""

    revision = HiddenField()
    city = YuanField(_l("市级"))
    district = YuanField(_l("区级"))
    street = YuanField(_l("街道"))
    words = StringField(_l("预算文号"), [Length(max=200)])

    @property
    def grant(self) -> Grant:
        """What was entered, after validation."""
        return Grant(self.city.data, self.district.data, self.street.data, text(self.words))

    @property
    def seen(self) -> int | None:
        """The revision that the reader saw."""
        return revision_of(self.revision)


def budget_form(row: Appropriation | None, *, fresh: bool = False) -> BudgetForm:
    """Return the form as it was sent; fresh: of what stands."""
    if not fresh:
        return BudgetForm()
    if row is None:
        return BudgetForm(formdata=None)
    return BudgetForm(
        formdata=None,
        city=row.city_fen,
        district=row.district_fen,
        street=row.street_fen,
        words=row.words,
        revision=row.revision,
    )
