"""The form of an example case: facts of one month, and the amounts that are expected."""

from collections.abc import Iterable, Mapping
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import DateField, IntegerField, SelectField, StringField, TextAreaField
from wtforms.validators import Length, NumberRange, Optional, Regexp

from counselhub.claims.kinds import Difficulty
from counselhub.core.fields import YuanField
from counselhub.core.forms import RevisionForm, given, text
from counselhub.core.money import AmountError, parse_yuan
from counselhub.packs import tables
from counselhub.packs.example_actions import Case
from counselhub.packs.forms import KIND_CODES, ROWS, as_lines, as_yuan
from counselhub.packs.models import PackExample
from counselhub.packs.tables import CellError, Table
from counselhub.packs.trying import TOTAL
from counselhub.packs.wording import fault_in_table
from counselhub.schemes.forms import AMOUNT, COUNT, NEEDED
from counselhub.statements.wording import KIND_WORDS

LEVELS = {level.word: level.value for level in Difficulty}
FORMS = {"口头": "oral", "书面": "written"}
KINDS = {str(word): kind.value for kind, word in KIND_WORDS.items()} | {"合计": TOTAL}
WORDS = {code: word for word, code in KINDS.items()}
MONTH = Regexp(r"^\d{4}-(0[1-9]|1[0-2])$", message=_l("请写成 2026-10 这样。"))
MONTH_DAYS = [Optional(), NumberRange(0, 31, _l("请填写 0 到 31 之间的整数。"))]


class ExampleForm(RevisionForm):
    """One example case."""

    name = StringField(_l("算例名称"), [NEEDED, Length(max=60)])
    month = StringField(_l("月份"), [NEEDED, MONTH])
    starts_on = DateField(_l("合同从"), [NEEDED])
    ends_on = DateField(_l("合同到"), [NEEDED])
    annual_fen = YuanField(_l("合同年度金额"), AMOUNT)
    community = SelectField(_l("社区"), [Optional()], default="")
    visits = TextAreaField(_l("到岗"), ROWS)
    lectures = IntegerField(_l("当月讲座场数"), COUNT)
    lectures_before = IntegerField(_l("本季此前的讲座场数"), COUNT)
    online_days = IntegerField(_l("线上值守满 24 小时的天数"), MONTH_DAYS)
    cases = TextAreaField(_l("结案的案件"), ROWS)
    activities = TextAreaField(_l("服务记录"), ROWS)
    points = IntegerField(
        _l("绩效得分"),
        [Optional(), NumberRange(-1000, 1000, _l("请填写 -1000 到 1000 之间的整数。"))],
    )
    expected = TextAreaField(_l("预期金额"), [NEEDED, Length(max=2000)])

    def read_tables(self) -> bool:
        """Read the tables; False with the sentences at their fields."""
        self.read = {
            "visits": tables.read(text(self.visits), (_day, tables.count)),
            "cases": tables.read(
                _numbered(text(self.cases)),
                (
                    tables.word,
                    tables.one_of(LEVELS, "level"),
                    tables.one_of(FORMS, "agreement"),
                    tables.count,
                ),
            ),
            "activities": tables.read(
                text(self.activities), (tables.one_of(KIND_CODES, "kind"), tables.count)
            ),
            "expected": tables.read(text(self.expected), (tables.one_of(KINDS, "line"), _signed)),
        }
        for name, table in self.read.items():
            sentences = [fault_in_table(*fault) for fault in table.faults[:5]]
            self[name].errors = [*self[name].errors, *sentences]
        return not any(table.faults for table in self.read.values())

    read: Mapping[str, Table]

    @property
    def case(self) -> Case:
        """What was filled in, after validation and `read_tables`."""
        facts = {
            "month": given(self.month),
            "starts_on": str(given(self.starts_on)),
            "ends_on": str(given(self.ends_on)),
            "annual_fen": self.annual_fen.data,
            "community": self.community.data or None,
            "visits": [[str(day), minutes] for day, minutes in self.read["visits"].rows],
            "lectures": self.lectures.data,
            "lectures_before": self.lectures_before.data,
            "online_days": self.online_days.data,
            "cases": [
                [level, form == "oral", times] for _at, level, form, times in self.rows_of("cases")
            ],
            "activities": self.rows_of("activities"),
            "points": self.points.data,
        }
        kept = {name: value for name, value in facts.items() if value not in (None, [])}
        return Case(text(self.name), kept, dict(self.rows_of("expected")))

    def rows_of(self, name: str) -> list[list[Any]]:
        """Return the rows of one table."""
        return self.read[name].rows


def example_form(
    communities: Iterable[tuple[str, str]], example: PackExample | None = None, **start: Any
) -> ExampleForm:
    """Return the form, filled with an example's facts. start: what a new one begins with."""
    form = ExampleForm(data=start if example is None else _filled(example))
    form.community.choices = [("", str(_("不指明"))), *communities]
    return form


def _filled(example: PackExample) -> dict[str, Any]:
    facts = example.facts
    words = {code: word for word, code in (KIND_CODES | LEVELS).items()}
    values = dict(facts) | {"name": example.name, "revision": example.revision}
    values["starts_on"] = tables.day(facts["starts_on"])
    values["ends_on"] = tables.day(facts["ends_on"])
    values["visits"] = as_lines(facts.get("visits", ()))
    values["cases"] = as_lines(
        (words[level], "口头" if is_oral else "书面", times)
        for level, is_oral, times in facts.get("cases", ())
    )
    values["activities"] = as_lines(
        (words[kind], times) for kind, times in facts.get("activities", ())
    )
    values["expected"] = as_lines(
        (WORDS[kind], as_yuan(example.expected[kind])) for kind in WORDS if kind in example.expected
    )
    return values


def _numbered(lines: str) -> str:
    """Give each line a number of its own: two like cases are two cases."""
    return "\n".join(
        f"{at} {line}" for at, line in enumerate(lines.splitlines(), 1) if line.strip()
    )


def _day(cell: str) -> Any:
    try:
        return tables.day(cell)
    except ValueError as error:
        raise CellError("day") from error


def _signed(cell: str) -> int:
    try:
        return parse_yuan(cell)
    except AmountError as error:
        raise CellError("amount") from error
