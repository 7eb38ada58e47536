"""What offices and bureaus see of rows that stand in a street: their own place's, by its index.

The database keeps other places' rows back anyway; its rule alone, which holds for everybody at
once, lets no index find the rows of one street.
"""

from typing import Any

from sqlalchemy import ColumnElement, and_, true

from counselhub.core.access import Sight
from counselhub.core.members import Member
from counselhub.core.tenancy import ScopeKind


def of_place(model: Any) -> Sight:
    """Return the sight of rows with a `street_code`: firms see what their own table's rule is."""

    def sight(member: Member) -> ColumnElement[bool]:
        key, street = member.scope.key, model.street_code
        match member.scope.kind:
            case ScopeKind.OFFICE:
                own: ColumnElement[bool] = street == key
                return own
            case ScopeKind.BUREAU:
                return and_(street >= key, street < str(int(key) + 1))
        return true()

    return sight
