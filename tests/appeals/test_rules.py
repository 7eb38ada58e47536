"""REV-6: what a bureau may decide."""

import pytest

from counselhub.appeals.rules import upheld_fen
from counselhub.appeals.states import AppealStatus

S = AppealStatus


@pytest.mark.parametrize(
    ("outcome", "part_fen", "paid_fen"),
    [
        pytest.param(S.UPHELD, None, 30_000, id="REV-6 all of it"),
        pytest.param(S.UPHELD, 5, 30_000, id="a part is not asked for"),
        pytest.param(S.DISMISSED, None, 0, id="REV-6 nothing"),
        pytest.param(S.PARTLY, 1, 1, id="REV-6 the smallest part"),
        pytest.param(S.PARTLY, 29_999, 29_999, id="REV-6 the largest part"),
        pytest.param(S.PARTLY, 30_000, None, id="all is no part"),
        pytest.param(S.PARTLY, 0, None, id="nothing is no part"),
        pytest.param(S.PARTLY, None, None, id="no amount"),
        pytest.param(S.OPEN, None, None, id="no decision"),
    ],
)
def test_what_an_outcome_pays(
    outcome: AppealStatus, part_fen: int | None, paid_fen: int | None
) -> None:
    assert upheld_fen(outcome, 30_000, part_fen) == paid_fen
