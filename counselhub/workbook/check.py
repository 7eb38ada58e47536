"""What a row says by itself: codes that somebody knows, days in order, nothing from the future."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from flask_babel import gettext as _

from counselhub.contracts.kinds import ContractKind
from counselhub.core.labels import N_
from counselhub.schemes.kinds import DeductionMode
from counselhub.workbook.findings import Findings
from counselhub.workbook.reader import Row, Table, Tables

SHARES = ("city_percent", "district_percent", "street_percent")

# Which column must not come before which; a visit or a shift takes at least a minute.
ORDER = {
    "律师": ("joined_on", "left_on", False),
    "合同": ("starts_on", "ends_on", False),
    "指派": ("starts_on", "ends_on", False),
    "现场值班": ("time_in", "time_out", True),
    "线上值班": ("starts_at", "ends_at", True),
    "以案定补": ("accepted_on", "closed_on", False),
    "结对共建": ("signed_on", "valid_until", False),
}
PAST = {
    "合同": ("signed_on",),
    "现场值班": ("day",),
    "服务记录": ("day",),
    "以案定补": ("accepted_on", "closed_on"),
    "结对共建": ("signed_on",),
}
UNKNOWN = {
    "community_code": N_("社区名录中没有“%(code)s”，应为12位社区代码"),
    "communities": N_("社区名录中没有“%(code)s”，应为12位社区代码"),
    "street_code": N_("街道名录中没有“%(code)s”，应为9位街道代码"),
    "licence": N_("没有执业证号为“%(code)s”的律师，请先在“律师”表中填写"),
    "substitute": N_("没有执业证号为“%(code)s”的律师，请先在“律师”表中填写"),
    "scheme": N_("没有代码为“%(code)s”的补贴方案，请先在“补贴方案”表中填写"),
}


@dataclass(frozen=True)
class Register:
    """The codes that somebody knows, by the column that uses them, and the present minute."""

    codes: Mapping[str, Container[str]]
    now: datetime
    """On Shanghai's wall clock, naive."""


def check(tables: Tables, register: Register, findings: Findings) -> None:
    """Note every row that breaks a rule of its own, and mark the column at fault."""
    for table in tables.values():
        special = _SPECIAL.get(table.sheet.name)
        for row in table.rows:
            _check_codes(table, row, register, findings)
            _check_days(table, row, findings)
            _check_order(table, row, findings)
            _check_past(table, row, register.now, findings)
            if special:
                special(table, row, findings)
            if table.sheet.name == "线上值班":
                _check_shift(table, row, register.now, findings)


def _refuse(table: Table, row: Row, name: str, message: str, findings: Findings) -> None:
    row.bad.add(name)
    findings.fault(table.cell(row, name), message)


def _check_codes(table: Table, row: Row, register: Register, findings: Findings) -> None:
    for name, known in register.codes.items():
        value = row.values.get(name)
        if name not in table.sheet.by_name or value is None or name in row.bad:
            continue
        unknown = [code for code in _each(value) if code not in known]
        if unknown:
            _refuse(table, row, name, _(UNKNOWN[name]) % {"code": unknown[0]}, findings)


def _each(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


def _check_days(table: Table, row: Row, findings: Findings) -> None:
    """The hours of another day are no hours of the row's."""
    day = row.values.get("day")
    for name, told in row.days.items() if day else ():
        if told != day:
            message = _(
                "写的是 %(told)s，与这一行的日期 %(day)s 不是同一天；这一列只填时间，如 8:30",
                told=told,
                day=day,
            )
            _refuse(table, row, name, message, findings)


def _check_order(table: Table, row: Row, findings: Findings) -> None:
    first, last, strictly = ORDER.get(table.sheet.name, ("", "", False))
    start, end = row.values.get(first), row.values.get(last)
    if row.bad.intersection((first, last)):
        return
    if start is None or end is None or end > start or (end == start and not strictly):
        return
    words = {name: table.sheet.by_name[name].header for name in (first, last)}
    message = _(
        "%(last)s（%(end)s）应晚于%(first)s（%(start)s）",
        last=words[last],
        end=_written(end),
        first=words[first],
        start=_written(start),
    )
    if not strictly:
        message = _(
            "%(last)s（%(end)s）不能早于%(first)s（%(start)s）",
            last=words[last],
            end=_written(end),
            first=words[first],
            start=_written(start),
        )
    _refuse(table, row, last, message, findings)


def _written(value: Any) -> str:
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d %H:%M}"
    return str(value) if isinstance(value, date) else f"{value:%H:%M}"


def _check_past(table: Table, row: Row, now: datetime, findings: Findings) -> None:
    for name in PAST.get(table.sheet.name, ()):
        value = row.values.get(name)
        if value is not None and name not in row.bad and value > now.date():
            message = _("%(day)s 还没有到，只能填已经发生的记录", day=_written(value))
            _refuse(table, row, name, message, findings)
    if table.sheet.name == "现场值班" and row.values.get("day") == now.date():
        for name in ("time_in", "time_out"):
            value = row.values.get(name)
            if value is not None and name not in row.bad and value > now.time():
                message = _("今天 %(time)s 还没有到，只能填已经发生的记录", time=_written(value))
                _refuse(table, row, name, message, findings)


def _check_contract(table: Table, row: Row, findings: Findings) -> None:
    several = len(row.values.get("communities") or ()) > 1
    if several and row.values.get("kind") == ContractKind.ENGAGEMENT:
        message = _("聘用合同只对应一个社区；几个社区请用“政府购买服务合同”，或分成几份合同")
        _refuse(table, row, "communities", message, findings)


def _check_scheme(table: Table, row: Row, findings: Findings) -> None:
    """M12: shares sum to 100 or all are blank; M5: 按次 and 按小时 need a rate."""
    _doubt_fractions(table, row, findings)
    mode = row.values.get("deduction_mode")
    needs = mode in (DeductionMode.PER_VISIT, DeductionMode.PER_HOUR)
    if needs and row.values.get("deduction_fen") is None and "deduction_fen" not in row.bad:
        cells = "deduction_fen" if "deduction_fen" in table.letters else "deduction_mode"
        _refuse(table, row, cells, _("扣减方式为按次或按小时，请填写扣减标准(元)"), findings)
    shares = [row.values.get(name) for name in SHARES]
    given = [share for share in shares if share is not None]
    if given and sum(given) != 100 and not row.bad.intersection(SHARES):
        message = _(
            "市级、区级、街道分担合计 %(sum)s%%，应为 100%%（三项都空白则全由街道承担）",
            sum=f"{sum(given):f}".rstrip("0").rstrip("."),
        )
        _refuse(table, row, _first_given(row), message, findings)


def _doubt_fractions(table: Table, row: Row, findings: Findings) -> None:
    """Excel keeps 50% in a cell of its percent format as 0.5, which reads as half a percent."""
    for name in ("oral_percent", "withhold_percent"):
        value = row.values.get(name)
        if value is not None and 0 < value < 1 and name not in row.bad:
            message = _(
                "将按 %(value)s%% 计算；如果本意是 %(meant)s%%，请写 %(meant)s，不要用百分比格式",
                value=f"{value.normalize():f}",
                meant=f"{(value * 100).normalize():f}",
            )
            findings.warn(table.cell(row, name), message)


def _first_given(row: Row) -> str:
    return next(name for name in SHARES if row.values.get(name) is not None)


def _check_shift(table: Table, row: Row, now: datetime, findings: Findings) -> None:
    """M7: a shift is rostered ahead, and counts once it is over."""
    end = row.values.get("ends_at")
    if end is not None and "ends_at" not in row.bad and end > now:
        message = _("%(day)s 还没有到，按排班保留，过后才计入", day=_written(end))
        findings.warn(table.cell(row, "ends_at"), message)


_SPECIAL: dict[str, Callable[[Table, Row, Findings], None]] = {
    "合同": _check_contract,
    "补贴方案": _check_scheme,
}
