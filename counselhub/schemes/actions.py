"""Make schemes and their dated versions; what a submitted statement used never changes."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm.attributes import flag_modified

from counselhub.core import history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import FaultsError, FrozenError, RefusedError
from counselhub.core.members import Member
from counselhub.schemes import queries, rules
from counselhub.schemes.models import Scheme, SchemeVersion
from counselhub.schemes.rules import Terms

CODE_TAKEN = "uq_scheme_firm_id_code"
DAY_TAKEN = "uq_scheme_version_firm_id_scheme_id_effective_from"


@dataclass(frozen=True, slots=True)
class PackCopy:
    """The version of a rule pack that a scheme's version copies: what a workbook does not know."""

    version_id: UUID
    code: str
    number: int
    document: Mapping[str, Any]


def create(code: str, name: str, terms: Terms, *, by: Member) -> Scheme:
    """Make a scheme with its first version. Raises RefusedError when the code is taken."""
    _refuse_faults(terms)
    scheme = Scheme(code=code, name=name)
    try:
        with db.session.begin_nested():
            db.session.add(scheme)
    except IntegrityError as error:
        if constraint_of(error) != CODE_TAKEN:
            raise
        taken = queries.scheme_by_code(code)
        raise RefusedError(
            _(
                "方案代码“%(code)s”已用于“%(name)s”，请换一个代码。",
                code=code,
                name=taken.name if taken else code,
            )
        ) from error
    history.record(scheme, "create", by=by, code=code, name=name)
    save_version(scheme, terms, by=by)
    return scheme


def rename(scheme: Scheme, name: str, *, by: Member) -> None:
    """Give a scheme another name; its code, which contracts and workbooks use, stays."""
    if scheme.name != name:
        history.record(scheme, "rename", by=by, before=scheme.name, after=name)
        scheme.name = name


def save_version(
    scheme: Scheme, terms: Terms, *, by: Member, version: SchemeVersion | None = None
) -> SchemeVersion:
    """Add a version to a scheme, or change `version` of it.

    Raises FaultsError (each {"cell": field, "message": …}), FrozenError naming the submitted
    statement whose terms would change or that the scheme follows a rule pack, RefusedError when
    another version begins on the same day.
    """
    if scheme.pack_id is not None:
        raise FrozenError(
            _(
                "方案 %(code)s 采用了补贴办法，条款由发布办法的单位维护，本所不能修改。",
                code=scheme.code,
            ),
            row=version,
        )
    _refuse_faults(terms)
    _refuse_settled(scheme, terms, version)
    row = version or SchemeVersion(scheme_id=scheme.id)
    _store(row, scheme, terms)
    act = "change_version" if version else "add_version"
    history.record(scheme, act, by=by, terms={k: str(v) for k, v in terms.columns().items()})
    return row


def take_version(scheme: Scheme, terms: Terms, copy: PackCopy, *, by: Member) -> SchemeVersion:
    """Add a version of the rule pack that the scheme follows; the firm does not change it.

    Raises FrozenError naming the submitted statement whose terms would change, RefusedError when
    another version begins on the same day.
    """
    _refuse_settled(scheme, terms, None)
    row = SchemeVersion(
        scheme_id=scheme.id, pack_terms=dict(copy.document), pack_version_id=copy.version_id
    )
    _store(row, scheme, terms)
    detail: dict[str, Any] = {
        "pack": copy.code,
        "number": copy.number,
        "since": str(terms.effective_from),
    }
    history.record(scheme, "take_pack_version", by=by, **detail)
    return row


def _store(row: SchemeVersion, scheme: Scheme, terms: Terms) -> None:
    """Write a version. Raises RefusedError when another one begins on the same day."""
    try:
        with db.session.begin_nested():
            is_new = row not in db.session
            for name, value in terms.columns().items():
                setattr(row, name, value)
            db.session.add(row)
            if not is_new:
                flag_modified(row, "annual_fen")
    except IntegrityError as error:
        if constraint_of(error) != DAY_TAKEN:
            raise
        day = terms.effective_from or _("最初")
        raise RefusedError(
            _("方案 %(code)s 已有从%(day)s起的版本，请修改那一版。", code=scheme.code, day=day)
        ) from error
    db.session.expire(scheme, ["versions"])


def _refuse_faults(terms: Terms) -> None:
    found = [
        {"cell": field, "message": _words(code, field, terms)}
        for field, code in rules.faults(terms)
    ]
    if found:
        raise FaultsError(_("补贴方案填写有误。"), found)


def _words(code: str, field: str, terms: Terms) -> str:
    total = sum(getattr(terms, share) or 0 for share in rules.SHARES)
    match code:
        case "shares":
            return str(_("三级分担合计应为 100%%，现在是 %(total)s%%。", total=f"{total:f}"))
        case "percent":
            return str(_("应在 0 到 100 之间。"))
        case "deduction_rate":
            return str(_("按次、按小时扣减需要填写每次或每小时扣多少元。"))
        case "deduction_base":
            required = _("每月应到次数") if field == "required_visits" else _("每月应服务时长")
            return str(_("这种扣减方式以%(required)s为准，请填写。", required=required))
        case _:
            return str(_("不能是负数。"))


def _refuse_settled(scheme: Scheme, terms: Terms, version: SchemeVersion | None) -> None:
    """Refuse what would change the terms that a submitted statement was computed by."""
    before = [Terms.of(one) for one in scheme.versions]
    kept = [Terms.of(one) for one in scheme.versions if one is not version]
    if not before:
        return
    found = rules.first_changed(before, [*kept, terms], queries.settled_months(scheme.id))
    if found is not None:
        month, number = found
        raise FrozenError(
            _(
                "结算单 %(number)s（%(month)s）已按现在的条款计算并提交，这些条款不能再改。"
                "请为之后的日期新建一个版本。",
                number=number,
                month=f"{month:%Y-%m}",
            ),
            row=version,
        )
