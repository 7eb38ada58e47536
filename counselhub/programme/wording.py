"""What is wrong with a template, as a sentence that names the columns and kinds in question."""

from collections.abc import Callable, Mapping

from flask_babel import gettext as _

from counselhub.core.i18n import listed, page_text
from counselhub.programme.kinds import UNITS, Unit
from counselhub.programme.rules import LONGEST_TITLE, MOST_COLUMNS, Fault, Template


def sentence(fault: Fault, template: Template) -> str:
    """Return the sentence of a fault that the rules found in `template`."""
    return _SENTENCES[fault.code](fault, template)


def _title(template: Template, place: int | None) -> str:
    if place is None or place >= len(template.columns):
        return ""
    return page_text(template.columns[place].title) or str(_("第%(place)s栏", place=place + 1))


def _kinds(fault: Fault) -> str:
    return listed(kind.label for kind in fault.kinds)


def _none(_fault: Fault, _template: Template) -> str:
    return str(_("模板至少要有一栏计入合计。"))


def _many(_fault: Fault, _template: Template) -> str:
    return str(_("最多%(most)s栏，请合并几栏。", most=MOST_COLUMNS))


def _untitled(_fault: Fault, _template: Template) -> str:
    return str(_("请填写栏名，最多%(most)s个字。", most=LONGEST_TITLE))


def _same_title(fault: Fault, template: Template) -> str:
    return str(_("已经有一栏叫“%(title)s”，请换一个栏名。", title=_title(template, fault.column)))


def _unit(fault: Fault, template: Template) -> str:
    column = template.columns[fault.column or 0]
    allowed = [unit.label for unit in Unit if unit in UNITS[column.measure]]
    return str(
        _(
            "“%(title)s”统计的是%(measure)s，单位不能是“%(unit)s”，可用：%(allowed)s。",
            title=_title(template, fault.column),
            measure=column.measure.label,
            unit=column.unit.label,
            allowed=listed(allowed),
        )
    )


def _no_kinds(fault: Fault, template: Template) -> str:
    return str(_("请为“%(title)s”选择计入它的服务类别。", title=_title(template, fault.column)))


def _takes_none(fault: Fault, template: Template) -> str:
    return str(
        _(
            "“%(title)s”不能再选类别、方式或纠纷类型：“其他”收下未列出的全部，"
            "签到和班次不来自服务记录。",
            title=_title(template, fault.column),
        )
    )


def _not_summed(fault: Fault, template: Template) -> str:
    return str(
        _(
            "“%(title)s”统计的是%(measure)s，不能计入合计，请选“不计入合计”。",
            title=_title(template, fault.column),
            measure=template.columns[fault.column or 0].measure.label,
        )
    )


def _rests(fault: Fault, template: Template) -> str:
    return str(
        _(
            "“其他”只能有一栏，“%(other)s”已经是了。",
            other=_title(template, fault.other),
        )
    )


def _twice(fault: Fault, template: Template) -> str:
    return str(
        _(
            "%(kinds)s在“%(other)s”和“%(title)s”里各算了一次，合计会多算；请只留在一栏。",
            kinds=_kinds(fault),
            other=_title(template, fault.other),
            title=_title(template, fault.column),
        )
    )


def _left_out(fault: Fault, _template: Template) -> str:
    return str(
        _(
            "%(kinds)s没有全部归入任何一栏，各栏加不出合计；请归入一栏，或加一栏“其他”。",
            kinds=_kinds(fault),
        )
    )


_SENTENCES: Mapping[str, Callable[[Fault, Template], str]] = {
    "none": _none,
    "many": _many,
    "untitled": _untitled,
    "same_title": _same_title,
    "unit": _unit,
    "no_kinds": _no_kinds,
    "takes_none": _takes_none,
    "not_summed": _not_summed,
    "rests": _rests,
    "twice": _twice,
    "left_out": _left_out,
}
