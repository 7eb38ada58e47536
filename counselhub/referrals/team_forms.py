"""Forms of teams, lists of needs and the firm's rules of referrals."""

from uuid import UUID

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, DateField, HiddenField, IntegerField, SelectField, StringField
from wtforms.validators import Length, NumberRange, Optional

from counselhub.core import clock
from counselhub.core.fields import BoxesField
from counselhub.core.forms import Form, given, text
from counselhub.duty.queries import served_communities
from counselhub.places.models import short_name
from counselhub.referrals import offering, team_actions
from counselhub.referrals.forms import CHOSEN, NEEDED, people_choices
from counselhub.referrals.kinds import Speciality, Urgency
from counselhub.referrals.team_actions import RuleEntry, TeamEntry
from counselhub.referrals.team_models import ReferralRule, Team

HOURS = tuple(f"{step}_{urgency.value}" for step in ("answer", "handle") for urgency in Urgency)


class TeamForm(Form):
    """A team."""

    revision = HiddenField()
    name = StringField(_l("名称"), [NEEDED, Length(max=40)])
    specialities = BoxesField(_l("擅长类别"), [CHOSEN])
    cluster = BoxesField(_l("片区"), [Optional()])
    leader_id = SelectField(_l("队长"), [CHOSEN])
    member_ids = BoxesField(_l("队员"), [Optional()])
    starts_on = DateField(_l("成立日期"), [NEEDED])

    def entry(self) -> TeamEntry:
        """What the team is, after validation."""
        return TeamEntry(
            name=text(self.name),
            specialities=[Speciality.of(code) for code in self.specialities.data or []],
            cluster=list(self.cluster.data or []),
            leader_id=UUID(given(self.leader_id)),
            member_ids=[UUID(one) for one in self.member_ids.data or []],
            starts_on=given(self.starts_on),
        )


def team_form(team: Team | None, *, fresh: bool = False) -> TeamForm:
    """Return the form filled from a team; fresh: never from what was sent."""
    known = _of_team(team) if team else {"starts_on": clock.today()}
    form = TeamForm(data=known, **({"formdata": None} if fresh else {}))
    people = people_choices()
    form.specialities.choices = Speciality.choices()
    form.leader_id.choices = [("", _l("请选择")), *people]
    form.member_ids.choices = people
    places = [(place.code, short_name(place.name)) for place in served_communities()]
    kept = set(team.cluster if team else ()) - {code for code, _name in places}
    form.cluster.choices = [*places, *((code, code) for code in sorted(kept))]
    return form


def _of_team(team: Team) -> dict[str, object]:
    leader = offering.leader_of(team.id)
    members = team_actions.members_of([team.id])
    return {
        "revision": team.revision,
        "name": team.name,
        "specialities": team.specialities,
        "cluster": team.cluster,
        "leader_id": str(leader or ""),
        "member_ids": [str(one.adviser_id) for one in members if one.adviser_id != leader],
        "starts_on": team.starts_on,
    }


class NeedsForm(Form):
    """What a community asks for most."""

    community_code = SelectField(_l("社区"), [CHOSEN])
    needs = BoxesField(_l("需求清单"), [Optional()])


def needs_form(*, fresh: bool = False) -> NeedsForm:
    """Return the form with its choices; fresh: never from what was sent."""
    form = NeedsForm(**({"formdata": None} if fresh else {}))
    places = [(place.code, short_name(place.name)) for place in served_communities()]
    form.community_code.choices = [("", _l("请选择")), *places]
    form.needs.choices = Speciality.choices()
    return form


def _hours(label: str) -> IntegerField:
    return IntegerField(label, [NEEDED, NumberRange(1, 720, _l("请填 1 到 720 的小时数"))])


class RuleForm(Form):
    """The firm's limits and its liaison."""

    revision = HiddenField()
    answer_normal = _hours(_l("一般：答复时限"))
    answer_pressing = _hours(_l("较急：答复时限"))
    answer_urgent = _hours(_l("紧急：答复时限"))
    handle_normal = _hours(_l("一般：办理时限"))
    handle_pressing = _hours(_l("较急：办理时限"))
    handle_urgent = _hours(_l("紧急：办理时限"))
    liaison_id = SelectField(_l("应急联络人"), [Optional()])
    places_itself = BooleanField(_l("新的转介按规则自动分派和征询，不等主任"))

    def entry(self) -> RuleEntry:
        """The rules, after validation."""
        liaison = text(self.liaison_id)
        hours = {name: int(self[name].data) for name in HOURS}
        return RuleEntry(hours, UUID(liaison) if liaison else None, bool(self.places_itself.data))


def rule_form(rule: ReferralRule, *, fresh: bool = False) -> RuleForm:
    """Return the form filled from the rules; fresh: never from what was sent."""
    known: dict[str, object] = {name: getattr(rule, name) for name in HOURS}
    known |= {
        "revision": rule.revision or "",
        "liaison_id": str(rule.liaison_id or ""),
        "places_itself": rule.places_itself,
    }
    form = RuleForm(data=known, **({"formdata": None} if fresh else {}))
    people = people_choices()
    form.liaison_id.choices = [("", _l("（还没有指定）")), *people]
    return form
