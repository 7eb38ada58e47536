"""Who may do what, written down a second time, for the tests to hold the policy against.

`rights.txt` lists the permissions of each role and the permission of each route. The tests expect
what it says, so that a permission lost or gained in the code shows as a difference, in review and
in behaviour. `python -m tests.isolation.rights` writes it anew.
"""

from collections.abc import Iterable
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from counselhub import navigation
from counselhub.features import FEATURES
from counselhub.roles import DUTIES, ROLES
from tests.test_every_route import held_by

FILE = Path(__file__).with_name("rights.txt")
PUBLIC, SIGNED_IN = "public", "signed in"
HEAD = "# Who may do what. Written by python -m tests.isolation.rights; read every change.\n"


def written() -> dict[str, list[str]]:
    """Return what the file says: of a role or a route its permissions."""
    lines = FILE.read_text(encoding="utf-8").splitlines()[1:]
    pairs = (line.split(": ", 1) for line in lines if line)
    return {name: rights.split(", ") for name, rights in pairs}


def in_code() -> dict[str, list[str]]:
    """Return what the code says, in the shape of the file."""
    roles = {f"role {role}": _sorted(held_by(role)) for role in ROLES}
    roles |= {
        f"duty {kind} {duty}": _sorted(held)
        for kind, duties in DUTIES.items()
        for duty, held in duties.items()
    }
    return roles | {
        f"{method} {rule.rule}": asked for rule, asked in addresses() for method in methods_of(rule)
    }


def _sorted(permissions: Iterable[str]) -> list[str]:
    return sorted(str(one) for one in permissions) or ["nothing"]


def addresses() -> list[tuple[Rule, list[str]]]:
    """Return every address but the static files with what it asks for, from the features."""
    app = Flask("addresses", static_folder=None)
    app.add_url_rule("/", "home", navigation.home)
    for feature in FEATURES:
        app.register_blueprint(feature)
    rules = sorted(app.url_map.iter_rules(), key=lambda rule: rule.rule)
    return [(rule, _asked(app.view_functions[rule.endpoint])) for rule in rules]


def _asked(view: object) -> list[str]:
    if permission := getattr(view, "required", None):
        return [str(one) for one in (permission, *getattr(view, "or_required", ()))]
    return [SIGNED_IN if getattr(view, "needs_person", False) else PUBLIC]


def methods_of(rule: Rule) -> list[str]:
    """Return the methods that do something of their own."""
    return sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})


def main() -> None:
    """Write the file."""
    lines = (f"{name}: {', '.join(rights)}\n" for name, rights in in_code().items())
    FILE.write_text(HEAD + "".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
