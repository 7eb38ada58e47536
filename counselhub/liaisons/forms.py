"""Forms of liaisons and of posts on a mediation committee."""

from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional, Regexp

from counselhub.advisers import queries as advisers
from counselhub.core import clock
from counselhub.core.forms import Form, RevisionForm, blank_to_none, given, text
from counselhub.liaisons import queries
from counselhub.liaisons.actions import LiaisonEntry, PostEntry
from counselhub.liaisons.kinds import CommitteeRole
from counselhub.liaisons.models import Liaison

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
SHORT = Length(max=60, message=_l("最多60字"))
PHONE = Regexp(
    r"^\+?[0-9][0-9\- ]{5,18}[0-9]$", message=_l("请填写手机号或座机号，例如 020-00000000")
)


class LiaisonForm(RevisionForm):
    """Whom to call, where, since when."""

    place = SelectField(_l("镇街或社区"), [CHOSEN])
    name = StringField(_l("姓名"), [NEEDED, SHORT])
    post = StringField(_l("职务"), [NEEDED, SHORT])
    phone = StringField(_l("电话"), [NEEDED, PHONE])
    starts_on = DateField(_l("任职日期"), [NEEDED])

    def entry(self) -> LiaisonEntry:
        """What was typed, after validation."""
        code = given(self.place)
        return LiaisonEntry(
            street_code=code[:9],
            community_code=code if len(code) > 9 else None,
            name=text(self.name),
            post=text(self.post),
            phone=text(self.phone),
            starts_on=given(self.starts_on),
        )


class EndingForm(RevisionForm):
    """The last day."""

    last_on = DateField(_l("最后一天"), [NEEDED])


class PostForm(Form):
    """An adviser's post on a community's committee."""

    adviser_id = SelectField(_l("律师"), [CHOSEN])
    role = RadioField(_l("职务"), [CHOSEN], choices=[])
    document = StringField(_l("聘书或文件号"), [Optional(), SHORT])
    starts_on = DateField(_l("开始日期"), [NEEDED])
    ends_on = DateField(_l("结束日期"), [Optional()])

    @property
    def chosen(self) -> UUID:
        """The id of the adviser who was chosen."""
        return UUID(given(self.adviser_id))

    def entry(self) -> PostEntry:
        """What was typed, after validation."""
        return PostEntry(
            CommitteeRole.of(self.role.data),
            blank_to_none(self.document),
            given(self.starts_on),
            self.ends_on.data,
        )


def liaison_form(row: Liaison | None, *, fresh: bool, place: str = "") -> LiaisonForm:
    """Return the form of a liaison, of a new one without a row; place: what is chosen then."""
    data = _of_row(row) if row else {"place": place, "starts_on": clock.today()}
    form = LiaisonForm(formdata=None, data=data) if fresh else LiaisonForm()
    kept = [(str(data["place"]), str(data["place"]))] if row else []
    places = _places()
    if kept and kept[0][0] in {code for code, _name in places}:
        kept = []
    form.place.choices = [("", _("请选择")), *places, *kept]
    return form


def _of_row(row: Liaison) -> dict[str, object]:
    return {
        "place": row.community_code or row.street_code,
        "name": row.name,
        "post": row.post,
        "phone": row.phone,
        "starts_on": row.starts_on,
        "revision": row.revision,
    }


def _places() -> list[tuple[str, str]]:
    """Offer each street followed by its communities."""
    found: dict[str, str] = {}
    for street_code, street, code, name in queries.places():
        found.setdefault(street_code, _("%(street)s（镇街级）", street=street))
        found[code] = name
    return list(found.items())


def post_form(*, fresh: bool) -> PostForm:
    """Return the form of a post."""
    data = {"role": CommitteeRole.DEPUTY_HEAD.value, "starts_on": clock.today()}
    form = PostForm(formdata=None, data=data) if fresh else PostForm()
    form.role.choices = CommitteeRole.choices()
    form.adviser_id.choices = [("", _("请选择")), *advisers.choices(clock.today())]
    return form
