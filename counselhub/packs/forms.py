"""The form of a version: a workbook's terms, and beside them what only a pack can say."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional, Regexp

from counselhub.core.fields import YuanField
from counselhub.core.forms import Form, RevisionForm, given, text
from counselhub.core.money import format_yuan
from counselhub.packs import rules, tables
from counselhub.packs.models import PackVersion
from counselhub.packs.rules import Document, Draft
from counselhub.packs.tables import Cell, Table
from counselhub.packs.wording import class_unknown, fault_in_table
from counselhub.schemes.forms import AMOUNT, COUNT, NEEDED, VersionForm, percent_field, plain
from counselhub.schemes.kinds import AllotmentFactor, AssessedGrade
from counselhub.schemes.rules import Terms
from counselhub.services.kinds import ServiceKind
from counselhub.statements.pack_codes import NUMBERS

LONG = Length(max=100_000, message=_l("内容太长"))
ROWS = [Optional(), LONG]
FLOOR = [Optional(), NumberRange(-1000, 0, _l("请填写 0 或负数。"))]
KIND_CODES = {kind.word: kind.value for kind in ServiceKind}
FACTORS = {factor.value: f"weight_{factor.value}" for factor in AllotmentFactor}
RELEASES = {grade.value: f"release_{grade.value}" for grade in AssessedGrade}
DEDUCTIONS = {grade.value: f"deduct_{grade.value}" for grade in AssessedGrade}
NEW_ROW_FIELDS = ("class_amounts", "class_members", "factor_rows", "activities")


class PackVersionForm(VersionForm):
    """All terms of one version of a pack."""

    effective_from = DateField(_l("从哪天起执行"), [NEEDED])
    note = StringField(_l("依据"), [Optional(), Length(max=200)])
    class_amounts = TextAreaField(_l("社区类别的年度标准"), ROWS)
    class_members = TextAreaField(_l("各社区的类别"), ROWS)
    budget_fen = YuanField(_l("年度预算"), AMOUNT)
    weight_population = percent_field(_l("人口所占比重"))
    weight_disputes = percent_field(_l("矛盾纠纷所占比重"))
    weight_contracts = percent_field(_l("合同所占比重"))
    factor_rows = TextAreaField(_l("各社区的因素"), ROWS)
    visit_fen = YuanField(_l("到岗补贴（按次）"), AMOUNT)
    visit_cap = IntegerField(_l("每月最多计几次"), COUNT)
    hour_fen = YuanField(_l("到岗补贴（按小时）"), AMOUNT)
    hour_cap = IntegerField(_l("每月最多计几小时"), COUNT)
    activities = TextAreaField(_l("活动补贴"), ROWS)
    point_fen = YuanField(_l("每分补贴"), AMOUNT)
    point_cap = IntegerField(_l("每月最高分"), COUNT)
    point_floor = IntegerField(_l("每月最低分"), FLOOR)
    release_excellent = percent_field(_l("优秀返还"))
    release_competent = percent_field(_l("称职返还"))
    release_basic = percent_field(_l("基本称职返还"))
    release_incompetent = percent_field(_l("不称职返还"))
    deduct_excellent = percent_field(_l("优秀扣减"))
    deduct_competent = percent_field(_l("称职扣减"))
    deduct_basic = percent_field(_l("基本称职扣减"))
    deduct_incompetent = percent_field(_l("不称职扣减"))

    def read_tables(self, communities: Sequence[tuple[str, str]]) -> bool:
        """Read the tables that were pasted; False with the sentences at their fields.

        communities: code and name of every one of the owner's place.
        """
        place = tables.one_of(tables.places(communities), "community")
        kind = tables.one_of(KIND_CODES, "kind")
        cells: Mapping[str, tuple[Sequence[Cell], int | None]] = {
            "class_amounts": ((tables.word, tables.amount), None),
            "class_members": ((place, tables.word), None),
            "factor_rows": ((place, tables.count, tables.count, tables.count), None),
            "activities": ((kind, tables.amount, tables.count), 2),
        }
        self.read = {
            name: tables.read(text(self[name]), each, least=least)
            for name, (each, least) in cells.items()
        }
        for name, table in self.read.items():
            sentences = [fault_in_table(*fault) for fault in table.faults[:5]]
            self[name].errors = [*self[name].errors, *sentences]
        return self._classes_are_known() and not any(one.faults for one in self.read.values())

    def _classes_are_known(self) -> bool:
        """Refuse a community in a class that has no amount."""
        named = {name for name, _fen in self.read["class_amounts"].rows}
        lost = [name for _code, name in self.read["class_members"].rows if name not in named]
        if lost:
            field = self["class_members"]
            field.errors = [*field.errors, class_unknown(lost[0])]
        return not lost

    read: Mapping[str, Table]

    @property
    def draft(self) -> Draft:
        """What was filled in, after validation and `read_tables`."""
        return Draft(terms=self.terms, document=self.document, note=text(self.note))

    @property
    def document(self) -> Document:
        """What a workbook does not know; only what is filled in."""
        found: dict[str, Any] = {name: self[name].data for name in NUMBERS}
        found |= {
            "classes": self._classes(),
            "factors": self._factors(),
            "activities": self.read["activities"].rows,
            "release": self._percents(RELEASES),
            "grade_deductions": self._percents(DEDUCTIONS),
        }
        return {name: value for name, value in found.items() if value not in (None, [], {})}

    def _percents(self, names: Mapping[str, str]) -> dict[str, str]:
        filled = {code: self[name].data for code, name in names.items()}
        return {
            code: str(plain(percent)) for code, percent in filled.items() if percent is not None
        }

    def _classes(self) -> list[dict[str, Any]]:
        """The classes with their communities."""
        members = self.read["class_members"].rows
        return [
            {
                "name": name,
                "annual_fen": fen,
                "communities": [code for code, its in members if its == name],
            }
            for name, fen in self.read["class_amounts"].rows
        ]

    def _factors(self) -> dict[str, Any] | None:
        rows = self.read["factor_rows"].rows
        if self.budget_fen.data is None and not rows:
            return None
        return {
            "budget_fen": self.budget_fen.data or 0,
            "weights": self._percents(FACTORS),
            "communities": rows,
        }


class PackForm(PackVersionForm):
    """A pack with its first version."""

    first = ("code", "name", "effective_from", "note")
    code = StringField(
        _l("办法代码"),
        [NEEDED, Length(max=40), Regexp(r"^\S+$", message=_l("代码里不能有空格。"))],
    )
    name = StringField(_l("名称"), [NEEDED, Length(max=100)])


def filled(
    version: PackVersion, communities: Sequence[tuple[str, str]], **changes: Any
) -> PackVersionForm:
    """Return the form with a version's terms as they now are, whatever was sent."""
    terms = rules.terms_of(version.terms, version.effective_from)
    values = dict(terms.columns()) | _of_document(version.pack_terms, dict(communities))
    values |= {"note": version.note, "revision": version.revision, **changes}
    values["lowest_grade"] = values["lowest_grade"] or ""
    for name, value in values.items():
        if name.endswith(("percent", "hours")) and value is not None:
            values[name] = plain(value)
    return PackVersionForm(formdata=None, data=values)


def _of_document(document: Document, names: Mapping[str, str]) -> dict[str, Any]:
    """Return the fields of what a workbook does not know, tables as people paste them."""
    classes, factors = document.get("classes", ()), document.get("factors") or {}
    words = {code: word for word, code in KIND_CODES.items()}
    values: dict[str, Any] = {name: document.get(name) for name in NUMBERS}
    values |= {
        "class_amounts": as_lines((one["name"], as_yuan(one["annual_fen"])) for one in classes),
        "class_members": as_lines(
            (names.get(code, code), one["name"]) for one in classes for code in one["communities"]
        ),
        "budget_fen": factors.get("budget_fen"),
        "factor_rows": as_lines(
            (names.get(code, code), *counts) for code, *counts in factors.get("communities", ())
        ),
        "activities": as_lines(
            (words[kind], as_yuan(fen), *(() if cap is None else (cap,)))
            for kind, fen, cap in document.get("activities", ())
        ),
    }
    for source, fields in (
        (factors.get("weights"), FACTORS),
        (document.get("release"), RELEASES),
        (document.get("grade_deductions"), DEDUCTIONS),
    ):
        values |= {fields[code]: percent for code, percent in (source or {}).items()}
    return values


def as_lines(rows: Iterable[Iterable[Any]]) -> str:
    """Write rows as people paste them from Excel."""
    return "\n".join("\t".join(map(str, row)) for row in rows)


def as_yuan(fen: int) -> str:
    """Write fen as a plain number of yuan."""
    return format_yuan(fen).replace(",", "").removesuffix(".00")


class WithdrawForm(RevisionForm):
    """Why a version is taken back or sent back."""

    reason = StringField(_l("原因"), [InputRequired(_l("请填写")), Length(max=200)])


class RehearsalForm(Form):
    """How many past months to replay."""

    months = IntegerField(
        _l("试算最近几个月"),
        [NEEDED, NumberRange(1, 24, _l("请填写1到24之间的整数"))],
        default=6,
    )


class MarkForm(Form):
    """A mark of the office."""

    firm_id = SelectField(_l("律师事务所"), [NEEDED])
    community_code = SelectField(_l("社区"), [NEEDED])
    month = StringField(
        _l("月份"),
        [NEEDED, Regexp(r"^\d{4}-(0[1-9]|1[0-2])$", message=_l("请写成 2026-10 这样。"))],
    )
    points = IntegerField(
        _l("分值"), [NEEDED, NumberRange(-1000, 1000, _l("请填写 -1000 到 1000 之间的整数。"))]
    )
    reason = StringField(_l("事由"), [NEEDED, Length(max=200)])

    @property
    def first_day(self) -> date:
        """The month's first day, after validation."""
        return date.fromisoformat(f"{given(self.month)}-01")


class AdoptForm(Form):
    """Which scheme follows the pack, and from which month."""

    scheme_id = SelectField(_l("本所的补贴方案"), [NEEDED])
    since = DateField(_l("从哪个月起采用"), [NEEDED])


def empty_terms(first_day: date) -> Terms:
    """Return the terms that a new pack's form begins with."""
    return Terms(effective_from=first_day, annual_fen=0, cycle="month")
