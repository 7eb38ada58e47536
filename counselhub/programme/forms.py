"""The form of a template: its columns as cards, a few blank ones for more; no script is needed."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import (
    BooleanField,
    FieldList,
    FormField,
    HiddenField,
    IntegerField,
    SelectField,
    StringField,
)
from wtforms import Form as PlainForm
from wtforms.validators import InputRequired, Length, NumberRange

from counselhub.core.errors import FaultsError
from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form, WhenGiven, text
from counselhub.core.i18n import page_text
from counselhub.core.labels import Labelled
from counselhub.programme.kinds import Measure, Part, Unit
from counselhub.programme.models import ReportTemplate
from counselhub.programme.rules import LONGEST_TITLE, MOST_COLUMNS, Column, Template
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode

STEP, LAST = 10, 1000
"""Between the numbers of columns there is room to put one; one without a number comes last."""
BLANKS = 2
"""Empty cards behind the columns, for more of them."""
NEEDED = InputRequired(_l("请填写"))


def _several(label: Any, labels: type[Labelled]) -> BoxesField:
    return BoxesField(
        label,
        choices=lambda: labels.choices(),
    )


class ColumnForm(PlainForm):
    """One column; a card without a title and without kinds is no column."""

    title = StringField(
        _l("栏名"),
        [WhenGiven(), Length(max=LONGEST_TITLE)],
        filters=[lambda typed: typed.strip() if typed else typed],
    )
    place = IntegerField(
        _l("次序"), [WhenGiven(), NumberRange(1, 999, _l("请填写1到999之间的整数"))]
    )
    part = SelectField(_l("与合计的关系"), choices=lambda: Part.choices())
    measure = SelectField(_l("统计什么"), choices=lambda: Measure.choices())
    unit = SelectField(_l("单位"), choices=lambda: Unit.choices())
    kinds = _several(_l("服务类别"), ServiceKind)
    modes = _several(_l("只限服务方式"), ServiceMode)
    disputes = _several(_l("只限纠纷类型"), DisputeKind)

    @property
    def is_blank(self) -> bool:
        """Whether nothing was filled in."""
        return not (self.title.data or self.kinds.data)

    @property
    def column(self) -> Column:
        """What was filled in."""
        return Column(
            title=self.title.data or "",
            unit=Unit(self.unit.data),
            measure=Measure(self.measure.data),
            kinds=frozenset(map(ServiceKind, self.kinds.data or ())),
            modes=frozenset(map(ServiceMode, self.modes.data or ())),
            disputes=frozenset(map(DisputeKind, self.disputes.data or ())),
            part=Part(self.part.data),
        )


class TemplateForm(Form):
    """A template: its name, what stands above it on paper, its columns."""

    revision = HiddenField()
    copied_from = HiddenField()
    name = StringField(_l("模板名称"), [NEEDED, Length(max=60)])
    title = StringField(_l("表头标题"), [NEEDED, Length(max=60)])
    has_total = BooleanField(_l("有合计：各栏相加等于全部服务"))
    columns = FieldList(FormField(ColumnForm), max_entries=MOST_COLUMNS + BLANKS)

    def cards(self) -> list[ColumnForm]:
        """Return the filled cards in the order asked for; those without a number stay last."""
        filled = [one.form for one in self.columns if not one.form.is_blank]
        return sorted(filled, key=lambda one: one.place.data or LAST)

    @property
    def template(self) -> Template:
        """What was filled in, after validation."""
        columns = tuple(card.column for card in self.cards())
        return Template(text(self.name), text(self.title), columns, bool(self.has_total.data))

    def show_faults(self, refusal: FaultsError) -> None:
        """Show each sentence at the title of its column, what is about all of them at the name."""
        cards = self.cards()
        for fault in refusal.faults:
            field = cards[int(fault["cell"])].title if fault["cell"] else self.has_total
            field.errors = [*field.errors, fault["message"]]

    def offer_more(self) -> None:
        """Add blank cards behind the filled ones."""
        blank = sum(one.form.is_blank for one in self.columns)
        room = MOST_COLUMNS + BLANKS - len(self.columns)
        for _card in range(min(BLANKS - blank, room)):
            self.columns.append_entry({"measure": Measure.COUNT.value, "unit": Unit.CASES.value})


def filled(
    template: Template, *, revision: int | None = None, copied_from: str = ""
) -> TemplateForm:
    """Return the form with a template's columns, whatever was sent."""
    form = TemplateForm(
        formdata=None,
        data={
            "revision": revision,
            "copied_from": copied_from,
            "name": template.name,
            "title": template.title,
            "has_total": template.has_total,
            "columns": [_of(one, place) for place, one in enumerate(template.columns, start=1)],
        },
    )
    form.offer_more()
    return form


def of_row(row: ReportTemplate) -> TemplateForm:
    """Return the form of a template as it now is."""
    return filled(row.template, revision=row.revision, copied_from=row.copied_from)


def copy_of(template: Template) -> TemplateForm:
    """Return the form of a new template that begins as a copy of another."""
    name = page_text(template.name)
    copied = Template(
        str(_("%(name)s（本所）", name=name)), template.title, template.columns, template.has_total
    )
    return filled(copied, copied_from=name)


def _of(column: Column, place: int) -> dict[str, Any]:
    return {
        "title": column.title,
        "place": place * STEP,
        "part": column.part.value,
        "measure": column.measure.value,
        "unit": column.unit.value,
        "kinds": [kind.value for kind in column.kinds],
        "modes": [mode.value for mode in column.modes],
        "disputes": [kind.value for kind in column.disputes],
    }
