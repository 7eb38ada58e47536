"""Every way isolation is broken on purpose: each policy, each permission, each net, one at a time.

They are read from the catalogue and from the code, so that a new table or route brings its own.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, select, text, true
from sqlalchemy.orm import with_loader_criteria

from counselhub import navigation, policy
from counselhub.core import access, foreign, markers, tenancy
from counselhub.core.permissions import Permission, Role
from counselhub.core.tenancy import FirmOwned
from counselhub.features import FEATURES
from counselhub.schema import MODULES
from tests.isolation import rights
from tools.equivalents import EQUIVALENT

ROWS, NETS, CONNECTIONS = "test_rows.py::", "test_nets.py::", "test_connections.py::"
ROUTES, RIGHTS = "test_routes.py::", "test_rights.py::"
TOLD_APART = "test_a_role_without_the_permission_is_refused", "test_a_stranger_is_sent_to_sign_in"
APP = "counselhub_app"


def _nothing() -> None:
    """Change no code: the mutation is in the database."""


@dataclass(frozen=True)
class Mutant:
    """One thing broken.

    tests: groups tried in turn until a test notices; a group are the tests whose name contains one
    of its entries, every part between " & ". undo: gives the database back as it was.
    apply: breaks the code of this process.
    """

    group: str
    name: str
    tests: tuple[tuple[str, ...], ...]
    sql: str = ""
    undo: str = ""
    apply: Callable[[], object] = _nothing


def mutants(owner: Connection) -> list[Mutant]:
    """Return all of them."""
    return [
        *_policies(owner),
        *_switches(owner),
        *_functions(owner),
        *_grants_of_tables(owner),
        *_nets(),
        *_sights(),
        *_routes(),
        *_roles(),
        *_duties(),
    ]


POLICIES = text(
    "select tablename, policyname, cmd, roles::text[] as roles, qual, with_check from pg_policies"
    " where schemaname = 'public' order by 1, 2"
)


def _policies(owner: Connection) -> Iterator[Mutant]:
    for row in owner.execute(POLICIES):
        name, undo = f"{row.policyname} ON {row.tablename}", _made_again(row)
        changes = {"dropped": f"DROP POLICY {name}"}
        if row.qual not in (None, "true"):
            changes["for every row"] = f"ALTER POLICY {name} USING (true)"
        if row.with_check not in (None, "true"):
            changes["writes anything"] = f"ALTER POLICY {name} WITH CHECK (true)"
        if row.roles != ["public"]:
            changes["for every role"] = f"ALTER POLICY {name} TO PUBLIC"
        for how, sql in changes.items():
            if f"{name}: {how}" in EQUIVALENT:
                continue
            yield Mutant("policy", f"{name}: {how}", _rows_of(row.tablename), sql, undo)


def _rows_of(table: str) -> tuple[tuple[str, ...], ...]:
    return (f"{ROWS} & [{table}]", f"{ROWS} & -{table}]", f"{ROWS} & function"), (ROWS,)


def _made_again(row: Any) -> str:
    """Return the SQL that puts a policy back, whatever was done to it."""
    name, roles = f"{row.policyname} ON {row.tablename}", ", ".join(row.roles)
    parts = [f"CREATE POLICY {name} FOR {row.cmd} TO {roles}"]
    parts += [f"USING ({row.qual})"] if row.qual else []
    parts += [f"WITH CHECK ({row.with_check})"] if row.with_check else []
    return f"DROP POLICY IF EXISTS {name}; {' '.join(parts)}"


def _tables(owner: Connection) -> list[str]:
    query = "select distinct tablename from pg_policies where schemaname = 'public' order by 1"
    return list(owner.scalars(text(query)))


def _switches(owner: Connection) -> Iterator[Mutant]:
    for table in _tables(owner):
        words = f"ALTER TABLE {table} {{}} ROW LEVEL SECURITY"
        sql, undo = words.format("DISABLE"), words.format("ENABLE")
        yield Mutant("row security", f"{table}: off", _rows_of(table), sql, undo)


def _grants_of_tables(owner: Connection) -> Iterator[Mutant]:
    """Let what is only appended be changed and removed."""
    for table in _tables(owner):
        for verb in ("UPDATE", "DELETE"):
            held = text(f"select has_table_privilege('{APP}', '{table}', '{verb}')")
            if not owner.scalar(held):
                sql = f"GRANT {verb} ON {table} TO {APP}"
                undo = f"REVOKE {verb} ON {table} FROM {APP}"
                yield Mutant("grant", f"{table}: {verb.lower()}", _rows_of(table), sql, undo)


FENCES = (
    ("cases_taken_elsewhere", " AND scope_firm() IS NOT NULL"),
    ("communities_matching", "scope_kind() IS NOT NULL AND "),
    ("service_notes_matching", "note.firm_id = firm AND "),
)
"""What keeps a function that asks as the owner inside the scope. The second `firm_id = firm` of
service_notes_matching only spares work: without it no note of another firm is found either."""


def _functions(owner: Connection) -> Iterator[Mutant]:
    query = "select proname, pg_get_functiondef(oid) from pg_proc where prosecdef and proname in"
    made = text(f"{query} {tuple(name for name, _fence in FENCES)}")
    found = {row.proname: row.pg_get_functiondef for row in owner.execute(made)}
    for name, fence in FENCES:
        if fence not in found[name]:
            raise LookupError(f"{name} has another fence than tools/mutations.py knows")
        sql = found[name].replace(fence, "")
        yield Mutant("function", f"{name}: without {fence}", ((ROWS,),), sql, found[name])


def _nets() -> Iterator[Mutant]:
    changes: dict[str, tuple[Callable[[], object], str]] = {
        "the session adds no firm": (_no_criterion, NETS),
        "a loaded row is not compared": (lambda: _set(foreign, _is_foreign=_never), NETS),
        "an answer is not read for honey": (lambda: _set(markers, found_in=_no_markers), NETS),
        "the scope outlives its transaction": (_scope_that_stays, CONNECTIONS),
        "the scope outlives its request": (lambda: _set(tenancy, end_request=_never), CONNECTIONS),
        "the scope outlives its block": (_block_that_leaks, CONNECTIONS),
    }
    for name, (apply, tests) in changes.items():
        yield Mutant("net", name, ((tests,),), apply=apply)
    for model in _models():
        if issubclass(model, FirmOwned):
            table = model.__tablename__
            tests = ((f"{NETS} & session_alone & [{table}]",), (NETS,))
            yield Mutant(
                "criterion", f"{table}: left out", tests, apply=lambda m=model: _without(m)
            )


def _models() -> list[type[Any]]:
    found = {
        one
        for module in MODULES
        for one in vars(module).values()
        if isinstance(one, type) and hasattr(one, "__tablename__")
    }
    return sorted(found, key=lambda one: str(one.__tablename__))


def _set(module: Any, **values: Any) -> None:
    for name, value in values.items():
        setattr(module, name, value)


def _never(*_args: object) -> bool:
    return False


def _no_markers(_data: bytes) -> set[str]:
    return set()


def _no_criterion() -> None:
    _set(tenancy, _of_firm=lambda _f: with_loader_criteria(FirmOwned, lambda _t: true()))


def _without(model: type[Any]) -> None:
    """Add the firm to every table but one."""
    others = [one for one in _models() if issubclass(one, FirmOwned) and one is not model]

    def options(statement: Any, firm_id: Any) -> Any:
        made = (with_loader_criteria(one, one.firm_id == firm_id) for one in others)
        return statement.options(*made)

    _set(tenancy, _with_firm=options)


def _scope_that_stays() -> None:
    def carry(connection: Any, scope: Any) -> None:
        kind, key = (scope.kind.value, scope.key) if scope else ("", "")
        words = "select set_config('app.scope_kind', %s, false),"
        connection.exec_driver_sql(f"{words} set_config('app.scope_key', %s, false)", (kind, key))

    _set(tenancy, _carry=carry)


def _block_that_leaks() -> None:
    """Forget to give the scope before back, when a block ends well."""
    changed = tenancy.change_scope
    _set(tenancy, change_scope=lambda scope: changed(scope) if scope is not None else None)


def _sights() -> Iterator[Mutant]:
    for model in policy.SEES:
        yield Mutant(
            "sight",
            f"{model.__name__}: everybody sees all",
            ((f"{ROUTES} & colleagues_record",),),
            apply=lambda m=model: policy.SEES.update({m: lambda _member: true()}),
        )
    for permission in policy.MAY:
        yield Mutant(
            "condition",
            f"{permission}: on any row",
            ((f"{RIGHTS} & condition_on_the_row",),),
            apply=lambda p=permission: policy.MAY.update({p: []}),
        )
    everything = Mutant(
        "sight",
        "fetch looks at no sight",
        ((f"{ROUTES} & colleagues_record",),),
        apply=lambda: _set(access, visible=select),
    )
    yield everything


def _tried(names: list[str]) -> tuple[tuple[str, ...], ...]:
    """Return the tests that tell members apart on these routes."""
    return (tuple(f"{ROUTES}{test}[{name}]" for test in TOLD_APART for name in names),)


def _routes() -> Iterator[Mutant]:
    for rule, asked in rights.addresses():
        view = _view(rule.endpoint)
        names = [f"{method} {rule.rule}" for method in rights.methods_of(rule)]
        if not getattr(view, "required", None):
            continue
        for name in names:
            for wider in (None, _widest(asked)):
                if str(wider) not in asked and not _is_equivalent(name, wider):
                    yield Mutant(
                        "route",
                        f"{name}: asks for {wider or 'nothing'}",
                        _tried([name]),
                        apply=lambda v=view, w=wider: _set(v, required=w, or_required=()),
                    )


def _is_equivalent(name: str, wider: Permission | None) -> bool:
    return wider is not None and f"{name}: asks for {{}}" in EQUIVALENT


def _widest(asked: list[str]) -> Permission:
    """Return what most of the same side hold."""
    on_office = asked[0].startswith(("review", "payment"))
    return Permission.REVIEW_READ if on_office else Permission.FIRM_READ


def _view(endpoint: str) -> Any:
    from flask import Flask

    app = Flask("views", static_folder=None)
    app.add_url_rule("/", "home", navigation.home)
    for feature in FEATURES:
        app.register_blueprint(feature)
    return app.view_functions[endpoint]


def _roles() -> Iterator[Mutant]:
    """Give each role each permission that it does not hold."""
    names: dict[str, list[str]] = {}
    for rule, asked in rights.addresses():
        for permission in asked:
            names.setdefault(permission, []).extend(
                f"{method} {rule.rule}" for method in rights.methods_of(rule)
            )
    for role in Role:
        for permission in set(Permission) - policy.ROLES[role]:
            test, few = TOLD_APART[0], names.get(permission, [])[:2]
            by_route = tuple(f"{ROUTES}{test}[{name}]" for name in few)
            yield Mutant(
                "role",
                f"{role}: also {permission}",
                (*([by_route] if by_route else []), (f"{RIGHTS} & written_down",)),
                apply=lambda r=role, p=permission: policy.ROLES.update({r: policy.ROLES[r] | {p}}),
            )


def _duties() -> Iterator[Mutant]:
    """Give each administrator each permission that only another one holds."""
    for kind, duties in policy.DUTIES.items():
        everything = frozenset().union(*duties.values())
        for duty, held in duties.items():
            for permission in everything - held:
                yield Mutant(
                    "duty",
                    f"{duty} of a {kind}: also {permission}",
                    ((f"{RIGHTS} & written_down",),),
                    apply=lambda d=duties, one=duty, p=permission: d.update({one: d[one] | {p}}),
                )
