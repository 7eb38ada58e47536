"""Lists paged by the database."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Generic, TypeVar
from urllib.parse import quote, unquote, urlencode, urlsplit

from flask import request
from sqlalchemy import Select, func, select

from counselhub.core import clock
from counselhub.core.db import columns_of, db

Item = TypeVar("Item")
PER_PAGE = 50
YEARS = range(2000, 2101)  # what a page can be asked for: far from where the calendar ends


@dataclass(frozen=True, slots=True)
class Page(Generic[Item]):
    """One page of a list; `page` counts from 1."""

    items: Sequence[Item]
    page: int
    per_page: int
    total: int

    @property
    def pages(self) -> int:
        """How many pages there are, at least 1."""
        return max(1, -(-self.total // self.per_page))

    @property
    def has_prev(self) -> bool:
        """Whether a page comes before."""
        return self.page > 1

    @property
    def has_next(self) -> bool:
        """Whether a page comes after."""
        return self.page < self.pages

    @property
    def numbers(self) -> list[int | None]:
        """The pages that the pager names: the first, those around this one, the last; None: a gap.

        Page 5 of 9 gives 1, None, 4, 5, 6, None, 9.
        """
        near = range(max(1, self.page - 1), min(self.pages, self.page + 1) + 1)
        named = sorted({1, *near, self.pages})
        numbers: list[int | None] = []
        for number in named:
            if numbers and numbers[-1] != number - 1:
                numbers.append(None)
            numbers.append(number)
        return numbers


def paged(
    query: Select[*tuple[Any, ...]],
    *,
    page: int | None = None,
    per_page: int = PER_PAGE,
    total: int | None = None,
    columns: bool = False,
) -> Page[Any]:
    """Return the asked page of an ordered `query`, with two statements: the rows and their number.

    page: from the address (`?page=`) when not given; out of range gives the nearest.
    total: the number of rows, when it is known already: then it is not asked again.
    columns: whether the query has several columns and no entity; it is cheaper to say so.
    A query of one entity gives its rows, one of several columns gives tuples.
    """
    if total is None:
        counted = select(func.count()).select_from(query.order_by(None).subquery())
        total = db.session.scalar(counted) or 0
    last = max(1, -(-total // per_page))
    number = min(max(1, page or request.args.get("page", 1, type=int)), last)
    asked = query.limit(per_page).offset((number - 1) * per_page)
    if columns:
        return Page(columns_of(asked).all(), number, per_page, total)
    result = db.session.execute(asked)
    single = len(result.keys()) == 1
    items = list(result.scalars() if single else result.all())
    return Page(items, number, per_page, total)


def of_all(rows: Sequence[Item], per_page: int = PER_PAGE) -> Page[Item]:
    """Return the asked page of rows that were worked out, not stored."""
    last = max(1, -(-len(rows) // per_page))
    number = min(max(1, request.args.get("page", 1, type=int)), last)
    return Page(rows[(number - 1) * per_page : number * per_page], number, per_page, len(rows))


def url_with(**changes: Any) -> str:
    """Return this page's address with parts of its query changed (None drops a part)."""
    args = {**request.args.to_dict(), **changes}
    query = urlencode({key: value for key, value in args.items() if value not in (None, "")})
    path = page_path()
    return f"{path}?{query}" if query else path


def page_path() -> str:
    """Return the path of the page that is shown: after a POST, of the page its form stood on."""
    path = f"{request.root_path}/{request.path.lstrip('/')}"
    if request.method == "POST":
        before = urlsplit(request.referrer or "")
        path = unquote(before.path) if before.netloc == request.host else path
    return quote(f"/{path.lstrip('/')}")  # `//host` is another host


def asked_month() -> date:
    """Return the first day of the month that the address asks for (`?month=2026-10`).

    The present month when it asks for none or for nonsense.
    """
    return month_of(request.args.get("month")) or clock.this_month()


def month_of(text: str | None) -> date | None:
    """Return the first day of the month written as `2026-10`; None for nonsense or out of YEARS."""
    try:
        month = date.fromisoformat(f"{text}-01")
    except ValueError:
        return None
    return month if month.year in YEARS else None


def month_links(month: date) -> dict[str, Any]:
    """Return the arguments of the macro `month_nav` for a page that shows `month`."""
    before, after = clock.previous_month(month), clock.next_month(month)
    return {
        "month": month,
        "prev_href": url_with(month=f"{before:%Y-%m}", page=None),
        "next_href": url_with(month=f"{after:%Y-%m}", page=None),
    }
