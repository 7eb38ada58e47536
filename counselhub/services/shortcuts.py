"""A member's own templates and saved filters, and what the firm's checks ask for."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.access import allowed
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import ConflictError, ForbiddenError, NotFoundError, RefusedError
from counselhub.core.members import Member
from counselhub.core.permissions import Permission
from counselhub.services import log_queries
from counselhub.services.kinds import DisputeKind, ServiceKind, ServiceMode
from counselhub.services.log_models import EntryTemplate, InspectionRule, SavedFilter

MOST = 20
"""Templates, and saved filters, of one member."""
NAMES = {
    "uq_entry_template_firm_id_membership_id_name",
    "uq_saved_filter_firm_id_membership_id_name",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Pattern:
    """What a template fills in; minutes from 1 to 1440, persons not negative."""

    name: str
    kind: ServiceKind
    mode: ServiceMode | None = None
    dispute_kind: DisputeKind | None = None
    minutes: int | None = None
    persons: int | None = None
    content: str = ""


def add_template(pattern: Pattern, *, by: Member) -> EntryTemplate:
    """Keep a template behind the member's others. Raises RefusedError for one too many,

    ConflictError for a name that the member has given already.
    """
    own = log_queries.templates(by.membership_id)
    if len(own) >= MOST:
        raise RefusedError(_("最多 %(most)d 个，请先删除用不着的。", most=MOST))
    template = EntryTemplate(
        membership_id=by.membership_id, position=log_queries.next_position(by.membership_id)
    )
    _fill(template, pattern)
    db.session.add(template)
    _write(pattern.name)
    history.note("template_saved", scope=by.scope, by=by)
    return template


def change_template(
    template: EntryTemplate, pattern: Pattern, *, revision: int | None, by: Member
) -> None:
    """Change a template. Raises ConflictError for a stale page or a name that is taken."""
    history.expect(template, revision)
    _fill(template, pattern)
    _write(pattern.name)
    history.note("template_saved", scope=by.scope, by=by)


def _fill(template: EntryTemplate, pattern: Pattern) -> None:
    template.name, template.content = pattern.name, pattern.content
    template.kind, template.mode = pattern.kind, pattern.mode
    template.dispute_kind = pattern.dispute_kind
    template.minutes, template.persons = pattern.minutes, pattern.persons


def _write(name: str) -> None:
    try:
        with db.session.begin_nested():
            db.session.flush()
    except IntegrityError as error:
        if constraint_of(error) in NAMES:
            raise ConflictError(_("您已有一个叫“%(name)s”的，请换个名称。", name=name)) from error
        raise


def raise_template(template: EntryTemplate, *, by: Member) -> None:
    """Put a template before the one above it; the first one stays."""
    own = list(log_queries.templates(by.membership_id))
    place = own.index(template)
    own.insert(max(0, place - 1), own.pop(place))
    for position, one in enumerate(own, 1):
        one.position = position
    history.note("template_saved", scope=by.scope, by=by)


def remove_template(template: EntryTemplate, *, by: Member) -> None:
    """Remove a template; the records made from it stay."""
    db.session.delete(template)
    history.note("template_removed", scope=by.scope, by=by)


def save_filter(name: str, asked: Mapping[str, str], *, shared: bool, by: Member) -> SavedFilter:
    """Keep a search of records under a name; the member's own of that name takes the new one.

    Raises RefusedError for a search that asks nothing or one too many.
    """
    if not asked:
        raise RefusedError(_("请先选好筛选条件，再保存。"))
    own = log_queries.own_filters(by.membership_id)
    found = next((one for one in own if one.name == name), None)
    if found is None and len(own) >= MOST:
        raise RefusedError(_("最多 %(most)d 个，请先删除用不着的。", most=MOST))
    if found is None:
        found = SavedFilter(membership_id=by.membership_id, name=name)
        db.session.add(found)
    found.asked, found.is_shared, found.made_at = dict(asked), shared, clock.now()
    _write(name)
    history.note("filter_saved", scope=by.scope, by=by)
    return found


def remove_filter(found: SavedFilter, *, by: Member) -> None:
    """Remove a saved search. Raises ForbiddenError for a colleague's."""
    if found.membership_id != by.membership_id and not allowed(by, Permission.SERVICE_MANAGE):
        raise ForbiddenError(_("这是同事存的筛选，只有本人或内勤能删除。"))
    db.session.delete(found)
    history.note("filter_removed", scope=by.scope, by=by)


def set_rule(thin_letters: int, skipped: Iterable[str], *, by: Member) -> None:
    """Set how many letters an entry needs (0 to 200), and which checks the firm does without."""
    rule = log_queries.inspection_rule()
    if rule is None:
        rule = InspectionRule()
        db.session.add(rule)
    rule.thin_letters, rule.skipped = thin_letters, sorted(skipped)
    history.note("inspection_set", scope=by.scope, by=by)


def own_template(template_id: UUID, *, by: Member) -> EntryTemplate:
    """Return a template of the member's own. Raises NotFoundError for anybody else's."""
    found = next(
        (one for one in log_queries.templates(by.membership_id) if one.id == template_id), None
    )
    if found is None:
        raise NotFoundError()
    return found
