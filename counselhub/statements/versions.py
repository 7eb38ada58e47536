"""Scheme versions as the database gives them, read as terms; a broken one is named."""

from collections.abc import Iterable, Sequence
from typing import Any

from flask_babel import gettext as _

from counselhub.core.errors import RefusedError
from counselhub.statements import codes
from counselhub.statements.terms import SchemeRefusedError, SchemeTerms


def terms_of(scheme: str, values: Sequence[Any]) -> SchemeTerms:
    """Return one version. values: of codes.VERSION_COLUMNS, as JSON.

    Raises RefusedError naming a scheme that nothing can be computed from.
    """
    try:
        return codes.terms_of(scheme, codes.version_of(values))
    except SchemeRefusedError as refusal:
        raise RefusedError(
            _(
                "补贴方案“%(scheme)s”的内容不完整或不一致（%(column)s），无法计算。请先改正方案。",
                scheme=scheme,
                column=refusal.column,
            )
        ) from refusal


def all_of(scheme: str, rows: Iterable[Sequence[Any]]) -> list[SchemeTerms]:
    """Return the versions of one scheme. Raises RefusedError."""
    return [terms_of(scheme, values) for values in rows]
