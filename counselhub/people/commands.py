"""Commands that make tenants and accounts."""

from collections.abc import Iterator
from contextlib import contextmanager

import click
from flask import current_app, url_for
from flask_babel import gettext as _

from counselhub.billing.queries import read_only_on
from counselhub.core import config, history
from counselhub.core.access import refuse_read_only
from counselhub.core.commands import command, emit
from counselhub.core.db import db
from counselhub.core.errors import NotFoundError
from counselhub.core.members import Member, command_member
from counselhub.core.permissions import Role
from counselhub.core.tenancy import PLATFORM, Scope, ScopeKind, as_firm, as_platform
from counselhub.people import actions, belonging, credentials
from counselhub.people.models import Membership, Person
from counselhub.people.queries import firm_by_code, person_by_email, places_beside
from counselhub.places.models import District, Street


@contextmanager
def for_firm(code: str, *, writes: bool = False) -> Iterator[Member]:
    """Work inside the tenant with this short code.

    writes: for somebody, not by itself. Raises NotFoundError when there is none, ReadOnlyError when
    it may only read.
    """
    firm = firm_by_code(code)
    if firm is None:
        raise NotFoundError(_("没有代码为“%(code)s”的律师事务所。", code=code))
    if writes:
        refuse_read_only(read_only_on(firm.id))
    with as_firm(firm.id):
        yield command_member(Scope(ScopeKind.FIRM, str(firm.id)))


@click.group()
def firm() -> None:
    """Law firms (tenants)."""


@command(firm, "create")
@click.option("--code", required=True)
@click.option("--name", required=True)
@click.option("--email", required=True)
@click.option("--json", "as_json", is_flag=True)
def create_firm(code: str, name: str, email: str, as_json: bool) -> None:
    """Make a tenant and its first manager; print the one-time sign-in link."""
    made = actions.create_firm(code, name)
    scope = Scope(ScopeKind.FIRM, str(made.id))
    membership = _join(email, scope, Role.MANAGER)
    history.note("firm_create", scope=scope, by=command_member(scope), code=code, person=email)
    document = {"firm": code, "email": membership.person.email, "link": _link(membership.person)}
    db.session.commit()
    emit(document, as_json, document["link"])


@click.group()
def office() -> None:
    """Street justice offices."""


@command(office, "create")
@click.option("--street", "street_code", required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(["checker", "approver"]), default="checker")
@click.option("--json", "as_json", is_flag=True)
def create_office(street_code: str, email: str, role: str, as_json: bool) -> None:
    """Make an account of a street justice office; print the one-time sign-in link."""
    with as_platform():
        if db.session.get(Street, street_code) is None:
            raise NotFoundError(_("没有代码为 %(code)s 的街道，请先导入社区。", code=street_code))
    scope = Scope(ScopeKind.OFFICE, street_code)
    _print_account("street", scope, email, Role(role), as_json)


def _join(email: str, scope: Scope, role: Role) -> Membership:
    """Give an address a membership: whoever has this command vouches for whose the account is.

    One in use elsewhere is told; one that opens no place starts anew, unless it was of this place.
    """
    person = person_by_email(email)
    if person and places_beside(person.id, scope):
        words = _("%(email)s 在别的单位已有账号，这个账号也将能进入本单位。", email=person.email)
        click.echo(words, err=True)
    elif person and not belonging.was_here_last(person.id, scope):
        belonging.start_anew(person)
    return actions.join(email, email.partition("@")[0], scope, role, is_proved=True)


def _print_account(kind: str, scope: Scope, email: str, role: Role, as_json: bool) -> None:
    """Make an account of a place, and print its link under the place's kind and code."""
    person = _join(email, scope, role).person
    act = f"{scope.kind.value}_account"
    history.note(act, scope=scope, by=command_member(scope), person=email, role=role.value)
    document = {kind: scope.key, "email": person.email, "link": _link(person)}
    db.session.commit()
    emit(document, as_json, document["link"])


@click.group()
def bureau() -> None:
    """Justice bureaus of districts."""


@command(bureau, "create")
@click.option("--district", "district_code", required=True)
@click.option("--email", required=True)
@click.option("--role", type=click.Choice(["reader", "assessor"]), default="reader")
@click.option("--json", "as_json", is_flag=True)
def create_bureau(district_code: str, email: str, role: str, as_json: bool) -> None:
    """Make an account of a district's justice bureau; print the one-time sign-in link."""
    with as_platform():
        if db.session.get(District, district_code) is None:
            raise NotFoundError(_("没有代码为 %(code)s 的区县，请先导入社区。", code=district_code))
    scope = Scope(ScopeKind.BUREAU, district_code)
    _print_account("district", scope, email, Role(role), as_json)


@click.group()
def operator() -> None:
    """Operators of the platform."""


@command(operator, "create")
@click.option("--email", required=True)
@click.option("--json", "as_json", is_flag=True)
def create_operator(email: str, as_json: bool) -> None:
    """Make an account of the platform's operator; print the one-time sign-in link."""
    _print_account("platform", PLATFORM, email, Role.OPERATOR, as_json)


@click.group()
def account() -> None:
    """Accounts of people, for whoever has no administrator of their own to ask."""


@command(account, "link")
@click.option("--email", required=True)
@click.option("--json", "as_json", is_flag=True)
def account_link(email: str, as_json: bool) -> None:
    """Print a one-time link by which the person sets a new password; older links die."""
    person = _person(email)
    document = {"email": person.email, "link": _link(person)}
    db.session.commit()
    emit(document, as_json, document["link"])


@command(account, "unlock")
@click.option("--email", required=True)
@click.option("--json", "as_json", is_flag=True)
def account_unlock(email: str, as_json: bool) -> None:
    """Let somebody try again whose account is locked after failed sign-ins."""
    person = _person(email)
    actions.unlock(person, by=None)
    document, words = {"email": person.email}, _("已解除 %(name)s 的登录锁定", name=person.name)
    db.session.commit()
    emit(document, as_json, words)


def _person(email: str) -> Person:
    person = person_by_email(email)
    if person is None:
        raise NotFoundError(_("没有邮箱为 %(email)s 的账号。", email=email))
    return person


def _link(person: Person) -> str:
    with current_app.test_request_context(base_url=config.from_environment().address):
        return url_for("people.welcome", token=credentials.make_link(person), _external=True)
