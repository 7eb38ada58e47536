"""Tell people something, in the transaction of what happened; each of them once."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import current_app
from sqlalchemy import text
from sqlalchemy.dialects.postgresql import insert

from counselhub.core import clock
from counselhub.core.access import roles_with
from counselhub.core.db import db
from counselhub.core.ids import uuid7
from counselhub.core.tenancy import Scope, as_platform
from counselhub.notices import channels
from counselhub.notices.kinds import Kind, Mode
from counselhub.notices.models import Notice
from counselhub.notices.outbox import Outgoing, put
from counselhub.notices.queries import MAIL
from counselhub.notices.rules import Hours, due_at
from counselhub.notices.texts import ABOUT, Fact, checked


@dataclass(frozen=True, slots=True, kw_only=True)
class Note:
    """What is to be told in one place.

    key: together with the kind it names the thing; who was told of it is not told again. path: of
    the thing inside the app (`page`). facts: as `texts.ABOUT` asks for them. persons, advisers:
    whom it concerns by name, beside who holds the kind's permission. but: who did it and knows.
    """

    kind: Kind
    scope: Scope
    key: str
    path: str
    facts: Mapping[str, Fact]
    persons: tuple[UUID, ...] = ()
    advisers: tuple[UUID, ...] = ()
    but: UUID | None = None


def page(endpoint: str, **values: Any) -> str:
    """Return the path of a page, in a request or not."""
    path: str = current_app.url_map.bind("localhost").build(endpoint, values)
    return path


def tell(
    kind: Kind,
    scope: Scope,
    *,
    key: str,
    path: str,
    persons: Sequence[UUID] = (),
    advisers: Sequence[UUID] = (),
    but: UUID | None = None,
    **facts: Fact,
) -> int:
    """Tell whom it concerns in the place `scope`; return how many were not told before.

    As `Note` says; from whatever scope, within the caller's transaction. Raises UnfitFactError.
    """
    return tell_all(
        [
            Note(
                kind=kind,
                scope=scope,
                key=key,
                path=path,
                facts=facts,
                persons=tuple(persons),
                advisers=tuple(advisers),
                but=but,
            )
        ]
    )


def tell_all(notes: Sequence[Note]) -> int:
    """Tell many things, with as many statements as for one; return how many notices are new."""
    facts = [checked(note.kind, note.facts) for note in notes]
    if not notes:
        return 0
    with as_platform():
        found = _recipients(notes)
        told = _write(notes, facts, found)
        put(_mails(notes, facts, told))
        for channel in channels.registered():
            channel.hear(notes)
    return len(told)


_RECIPIENTS = text(
    """
    SELECT DISTINCT asked.nr, m.id AS membership_id, c.mode,
           s.quiet_from, s.quiet_until, s.rests, s.digest_at
    FROM jsonb_to_recordset(CAST(:asked AS jsonb)) AS asked(
        nr int, kind text, place_kind text, firm_id uuid, street_code text, district_code text,
        roles text[], persons uuid[], advisers uuid[], but uuid)
    JOIN membership m ON m.kind = asked.place_kind AND m.ended_at IS NULL
        AND (m.firm_id = asked.firm_id OR m.street_code = asked.street_code
             OR m.district_code = asked.district_code OR m.kind = 'platform')
    LEFT JOIN notice_choice c ON c.person_id = m.person_id AND c.kind = asked.kind
    LEFT JOIN notice_setting s ON s.person_id = m.person_id
    WHERE (m.role = ANY(asked.roles) OR m.person_id = ANY(asked.persons)
           OR m.adviser_id = ANY(asked.advisers))
      AND m.person_id IS DISTINCT FROM asked.but
    ORDER BY asked.nr, m.id
    """
)
_COLUMN = {"firm": "firm_id", "office": "street_code", "bureau": "district_code"}


def _recipients(notes: Sequence[Note]) -> Sequence[Any]:
    """Return whom each note concerns, with how they want its kind: one statement for all."""
    asked = [_asked(number, note) for number, note in enumerate(notes)]
    return db.session.execute(_RECIPIENTS, {"asked": json.dumps(asked, default=str)}).all()


def _asked(number: int, note: Note) -> dict[str, Any]:
    permission, kind = ABOUT[note.kind].permission, note.scope.kind.value
    asked = {
        "nr": number,
        "kind": note.kind.value,
        "place_kind": kind,
        "roles": roles_with(permission) if permission else [],
        "persons": note.persons,
        "advisers": note.advisers,
        "but": note.but,
    }
    return asked | ({_COLUMN[kind]: note.scope.key} if kind in _COLUMN else {})


def _mode(note: Note, row: Any) -> Mode:
    about = ABOUT[note.kind]
    chosen = Mode(row.mode) if row.mode else about.default
    return Mode.INBOX if chosen is Mode.OFF and not about.may_be_off else chosen


def _write(
    notes: Sequence[Note], facts: Sequence[dict[str, Any]], found: Sequence[Any]
) -> list[Any]:
    """Write the notices; return the recipients that were not told before."""
    now = clock.now()
    rows = {uuid7(): one for one in found if _mode(notes[one.nr], one) is not Mode.OFF}
    if not rows:
        return []
    values = [
        {
            "id": notice_id,
            "kind": notes[one.nr].kind.value,
            "membership_id": one.membership_id,
            "place_kind": notes[one.nr].scope.kind.value,
            "place_key": notes[one.nr].scope.key,
            "key": notes[one.nr].key,
            "facts": facts[one.nr],
            "path": notes[one.nr].path,
            "made_at": now,
        }
        for notice_id, one in rows.items()
    ]
    adding = insert(Notice).on_conflict_do_nothing().returning(Notice.id)
    return [rows[notice_id] for notice_id in db.session.scalars(adding, values)]


def _mails(
    notes: Sequence[Note], facts: Sequence[dict[str, Any]], told: Sequence[Any]
) -> list[Outgoing]:
    now, mails = clock.now(), []
    for one in told:
        note = notes[one.nr]
        due = due_at(_mode(note, one), now, Hours.of(one), channels.is_worked)
        if due is not None:
            mails.append(
                Outgoing(
                    channel=MAIL,
                    target_id=one.membership_id,
                    scope=note.scope,
                    kind=note.kind.value,
                    key=note.key,
                    facts=facts[one.nr],
                    path=note.path,
                    due_at=due,
                )
            )
    return mails
