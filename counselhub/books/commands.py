"""The command that checks everybody's books."""

import click
from flask_babel import gettext as _

from counselhub.books import nightly
from counselhub.books.nightly import Checked
from counselhub.core.commands import command, emit


@click.group("books")
def books() -> None:
    """Whether the books of money agree with themselves."""


@command(books, "check")
@click.option("--json", "as_json", is_flag=True)
def check(as_json: bool) -> None:
    """Check every firm's and every street's books; exit status 1 when something deviates."""
    found = nightly.check()
    lines = [line for one in found for line in _lines(one)]
    summary = _("已核对 %(count)s 家单位，%(faults)s 处不符", count=len(found), faults=len(lines))
    document = {
        "checked": len(found),
        "deviations": [
            {
                "side": one.side,
                "code": one.name,
                "rule": wrong.rule.value,
                "thing": wrong.label,
                "expected": wrong.expected,
                "found": wrong.found,
            }
            for one in found
            for wrong in one.deviations
        ],
    }
    emit(document, as_json, "\n".join([*lines, str(summary)]))
    if lines:
        raise SystemExit(1)


def _lines(one: Checked) -> list[str]:
    return [
        f"{one.name} {wrong.rule.value} {wrong.rule.label}: {wrong.label}"
        f" {wrong.expected} ≠ {wrong.found}"
        for wrong in one.deviations
    ]
