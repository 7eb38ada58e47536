"""Write and take away the example cases of a version that is not in force yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from flask_babel import gettext as _
from sqlalchemy.exc import IntegrityError

from counselhub.core import clock, history
from counselhub.core.db import constraint_of, db
from counselhub.core.errors import FrozenError, RefusedError
from counselhub.core.members import Member
from counselhub.packs.kinds import PackStatus
from counselhub.packs.models import PackExample, PackVersion

NAME_TAKEN = "uq_pack_example_version_id_name"


@dataclass(frozen=True, slots=True)
class Case:
    """What an example says, as `trying.facts_of` reads it, and what is expected, in fen."""

    name: str
    facts: Mapping[str, Any]
    expected: Mapping[str, int]


def save(
    version: PackVersion,
    case: Case,
    *,
    by: Member,
    example: PackExample | None = None,
    revision: int | None = None,
) -> PackExample:
    """Add an example, or change one. Raises RefusedError, FrozenError, ConflictError."""
    _refuse_passed(version)
    if example is not None:
        history.expect(example, revision)
    row = example or _new(version)
    try:
        with db.session.begin_nested():
            row.name, row.facts, row.expected = case.name, dict(case.facts), dict(case.expected)
            db.session.add(row)
    except IntegrityError as error:
        if constraint_of(error) != NAME_TAKEN:
            raise
        raise RefusedError(
            _("这一版已有名为“%(name)s”的算例，请换一个名称。", name=case.name), at="name"
        ) from error
    db.session.expire(version, ["examples"])
    history.record(row, "save_pack_example", by=by, name=case.name)
    return row


def _new(version: PackVersion) -> PackExample:
    return PackExample(
        version_id=version.id,
        district_code=version.district_code,
        street_code=version.street_code,
        made_at=clock.now(),
    )


def remove(example: PackExample, version: PackVersion, *, by: Member) -> None:
    """Take an example away. Raises FrozenError past the draft."""
    _refuse_passed(version)
    history.record(example, "remove_pack_example", by=by, name=example.name)
    db.session.delete(example)
    db.session.flush()
    db.session.expire(version, ["examples"])


def _refuse_passed(version: PackVersion) -> None:
    if version.status != PackStatus.DRAFT:
        raise FrozenError(
            _(
                "第 %(number)s 版不再是草稿，算例不能改动。请先退回起草，或者起草新的版本。",
                number=version.number,
            ),
            row=version,
        )
