"""The operator's way out for who lost every factor and has no colleague to ask."""

import click
from flask_babel import gettext as _

from counselhub.core import history
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.factors import actions
from counselhub.factors.second_step import member_of
from counselhub.people.queries import person_by_email


@click.group()
def factors() -> None:
    """Second factors."""


@command(factors, "reset")
@click.option("--email", required=True)
@click.option("--json", "as_json", is_flag=True)
def reset(email: str, as_json: bool) -> None:
    """Take all factors from somebody who lost them, after you made sure who is asking."""
    person = person_by_email(email)
    if person is None:
        raise NotFoundError(_("没有邮箱为 %(email)s 的账号。", email=email))
    ended = actions.forget(person.id)
    scope = member_of(person.id).scope
    history.note("factors_reset", scope=scope, name="CounselHub", whom=person.name, sessions=ended)
    document = {"email": person.email, "reset": True, "sessions_ended": ended}
    db.session.commit()
    told = _("已清除 %(email)s 的验证方式，退出 %(count)d 处登录", email=email, count=ended)
    emit(document, as_json, told)
