"""Forms of two-way choice: a round, wishes of both sides, what the manager chooses."""

from collections.abc import Iterable, Sequence
from typing import Any
from uuid import UUID

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.assignments.rules import COMFORTABLE_COMMUNITIES
from counselhub.choosing.actions import RoundEntry
from counselhub.choosing.models import MOST_WISHES, ChoiceProposal
from counselhub.core.forms import Form, RevisionForm, blank_to_none, given, text

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
Choices = Sequence[tuple[str, str]]
RANKS = range(1, MOST_WISHES + 1)


class RoundForm(Form):
    """A round."""

    name = StringField(_l("名称"), [NEEDED, Length(max=60, message=_l("最多60字"))])
    street_code = SelectField(_l("范围"), [Optional()])
    closes_on = DateField(_l("填报截止"), [NEEDED])
    starts_on = DateField(_l("上任日期"), [NEEDED])
    most = IntegerField(
        _l("每人最多主责几个社区"),
        [NEEDED, NumberRange(1, 20, _l("请填写1到%(max)s之间的整数"))],
        default=COMFORTABLE_COMMUNITIES,
    )

    def entry(self) -> RoundEntry:
        """What was typed, after validation."""
        return RoundEntry(
            text(self.name),
            blank_to_none(self.street_code),
            given(self.closes_on),
            given(self.starts_on),
            given(self.most),
        )


def round_form(streets: Choices, **known: Any) -> RoundForm:
    """Return the form of a round; known: what it begins with, nothing to read what was sent."""
    form = RoundForm(formdata=None, **known) if known else RoundForm()
    form.street_code.choices = [("", _("全所的社区")), *streets]
    return form


class WishForm(Form):
    """Up to five wishes in their order; whose: the lawyer or the community that wishes."""

    whose = SelectField(_l("谁的意愿"), [CHOSEN])
    wish_1 = SelectField(_l("第一志愿"), [CHOSEN])
    wish_2 = SelectField(_l("第二志愿"), [Optional()])
    wish_3 = SelectField(_l("第三志愿"), [Optional()])
    wish_4 = SelectField(_l("第四志愿"), [Optional()])
    wish_5 = SelectField(_l("第五志愿"), [Optional()])

    @property
    def ranked(self) -> list[SelectField]:
        """The fields of the wishes, the first first."""
        return [self[f"wish_{rank}"] for rank in RANKS]

    @property
    def wished(self) -> list[str]:
        """What is wished, the first first; gaps close up."""
        return [field.data for field in self.ranked if field.data]


def wish_form(
    whose: Choices, offered: Choices, *, chosen: str = "", wished: Iterable[str] | None = None
) -> WishForm:
    """Return the form of wishes; wished: what was wished so far, None to read what was sent."""
    known = (
        None
        if wished is None
        else {"whose": chosen}
        | {f"wish_{rank}": one for rank, one in zip(RANKS, wished, strict=False)}
    )
    form = WishForm() if known is None else WishForm(formdata=None, data=known)
    form.whose.choices = [("", _("请选择")), *whose]
    for field in form.ranked:
        field.choices = [("", "—"), *offered]
    return form


class ProposalsForm(RevisionForm):
    """Whom the manager chooses for each community."""

    def chosen(self, proposals: Iterable[ChoiceProposal]) -> dict[UUID, UUID | None]:
        """Return the lawyer who was chosen in each proposal, None for nobody; nonsense is kept."""
        found: dict[UUID, UUID | None] = {}
        for one in proposals:
            sent = request.form.get(f"to-{one.id}")
            if sent is None:
                continue
            try:
                found[one.id] = UUID(sent) if sent else None
            except ValueError:
                continue
        return found
