"""The comparison as a workbook: every figure, each with the numbers that it is made of."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date

from counselhub.comparison.rules import FIGURES, Figure, Kind, Line
from counselhub.core.labels import N_
from counselhub.core.sheets import Fen, sheet

TITLE = N_("律所比较")
OF_TWO = {
    Kind.VISITS_OF: ("完成", "应有"),
    Kind.MINUTES_OF: ("完成（分钟）", "应有（分钟）"),
    Kind.SHARE: ("其中", "全部"),
    Kind.MEAN: ("合计", "份数"),
}
"""What stands behind a figure's word for each of its two numbers."""
GRADES = ("优秀", "称职", "基本称职", "不称职")


def xlsx(lines: Iterable[Line], today: date) -> bytes:
    """Return the workbook, in the order of `lines`."""
    columns = [("街道", 16), ("律师事务所", 32)]
    columns += [(title, 14) for figure in FIGURES for title in _titles(figure)]
    rows = ([line.street_name, line.name, *_cells(line)] for line in lines)
    return sheet(TITLE, columns, rows, today)


def _titles(figure: Figure) -> list[str]:
    if figure.kind is Kind.GRADES:
        return [f"{figure.word}：{grade}" for grade in GRADES]
    if figure.kind is Kind.DONE:
        return [f"{figure.word}（%）"]
    behind: Sequence[str] = OF_TWO.get(figure.kind, ())
    minutes = "（分钟）" if figure.kind is Kind.MINUTES else ""
    return [f"{figure.word}：{one}" for one in behind] or [figure.word + minutes]


def _cells(line: Line) -> Iterator[object]:
    for figure in FIGURES:
        if figure.kind is Kind.DONE:
            share = figure.value(line.numbers)
            yield None if share is None else int(share)
        else:
            for name in figure.of:
                number = line.numbers[name]
                yield Fen(number) if figure.kind is Kind.FEN else number
