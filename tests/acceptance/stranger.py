"""An outside program: it knows the workbook and the commands from their document, and no code.

Workbooks are written with another library than the product's, commands run as they are installed.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner
from flask import Flask
from openpyxl import Workbook, load_workbook

from counselhub.cli import cli

PROGRAM = Path(sys.executable).with_name("counselhub")
Record = Mapping[str, Any]
Sheets = Mapping[str, Iterable[Record]]


@dataclass(frozen=True)
class Answer:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> Any:
        """What it printed, which is one JSON document and nothing else."""
        return json.loads(self.out)


@dataclass(frozen=True)
class Service:
    """An installation: commands find it by the environment."""

    environ: Mapping[str, str]
    folder: Path
    app: Flask

    def start(self, *arguments: object) -> subprocess.Popen[str]:
        """Start a command as it is installed, in a process of its own, and leave it running."""
        return subprocess.Popen(
            [str(PROGRAM), *map(str, arguments)],
            cwd=self.folder,
            env=os.environ | self.environ,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def apart(self, *arguments: object) -> Answer:
        """Run a command in a process of its own."""
        return ended(self.start(*arguments))

    def run(self, *arguments: object) -> Answer:
        """Run a command in this process, which saves a second; none may ever fall over."""
        words = [str(one) for one in arguments]
        answer = CliRunner().invoke(cli, words, obj=self.app.app_context)
        assert answer.exception is None or isinstance(answer.exception, SystemExit), answer
        return Answer(answer.exit_code, answer.stdout, answer.stderr)

    def done(self, *arguments: object) -> Any:
        """Run a command with --json that must be done; return its document."""
        answer = self.run(*arguments, "--json")
        assert answer.code == 0, answer.out + answer.err
        assert answer.err == ""
        return answer.document

    def book(self, name: str, sheets: Sheets) -> Path:
        """Write a workbook into the folder."""
        path = self.folder / f"{name}.xlsx"
        write(path, sheets)
        return path

    def statement(self, firm: str, street: str, month: str) -> Any:
        """Return the statement as the command shows it."""
        return self.done("statement", "show", "--firm", firm, "--street", street, "--month", month)


def ended(process: subprocess.Popen[str]) -> Answer:
    """Wait for a command."""
    out, err = process.communicate(timeout=120)
    assert "Traceback" not in err, err
    return Answer(process.returncode, out, err)


def write(path: Path, sheets: Sheets) -> None:
    """Write records by header; the headers of a sheet are those of its first record."""
    made = Workbook()
    made.remove(made.worksheets[0])
    for name, records in sheets.items():
        page = made.create_sheet(name)
        rows = list(records)
        headers = list(dict.fromkeys(header for row in rows for header in row))
        page.append(headers)
        for row in rows:
            page.append([row.get(header) for header in headers])
    made.save(path)


def cells(path: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every cell of a workbook."""
    return {
        page.title: list(page.iter_rows(values_only=True))
        for page in load_workbook(path).worksheets
    }


def scheme(code: str, annual: object, cycle: str, mode: str = "不扣", **more: Any) -> Record:
    """Return a row of 补贴方案."""
    head = {
        "方案代码": code,
        "名称": f"方案{code}",
        "年度标准(元)": annual,
        "结算周期": cycle,
        "扣减方式": mode,
    }
    return head | {_SCHEME[name]: value for name, value in more.items()}


_SCHEME = {
    "hours": "每月应服务时长(小时)",
    "visits": "每月应到次数",
    "shortest": "有效到岗最短时长(分钟)",
    "rate": "扣减标准(元)",
    "lecture": "讲座补贴(元/场)",
    "lecture_cap": "讲座每季封顶(场)",
    "online": "线上值守(元/日)",
    "simple": "简易(元)",
    "ordinary": "普通(元)",
    "major": "重大(元)",
    "extraordinary": "特别重大(元)",
    "oral": "口头协议比例(%)",
    "cap": "以案定补年封顶(元)",
    "withhold": "考核预留(%)",
    "city": "市级分担(%)",
    "district": "区级分担(%)",
    "street": "街道分担(%)",
}


def adviser(name: str, licence: str) -> Record:
    """Return a row of 律师."""
    return {"姓名": name, "执业证号": licence, "人员类别": "律师"}


def contract(
    number: str, places: str, first: str, last: str, scheme: str, annual: object = None
) -> Record:
    """Return a row of 合同."""
    kind = "政府购买服务合同" if "、" in places else "聘用合同"
    return {
        "合同编号": number,
        "合同类型": kind,
        "社区代码": places,
        "开始日期": first,
        "结束日期": last,
        "补贴方案": scheme,
        "年度金额(元)": annual,
    }


def assignment(place: str, licence: str, role: str = "主责", first: str = "2024-01-01") -> Record:
    """Return a row of 指派."""
    return {"社区代码": place, "执业证号": licence, "角色": role, "开始日期": first}


def session(
    licence: str, place: str, day: str, first: str, last: str | None, substitute: str | None = None
) -> Record:
    """Return a row of 现场值班."""
    return {
        "执业证号": licence,
        "社区代码": place,
        "日期": day,
        "签到": first,
        "签退": last,
        "替班对象": substitute,
    }


def shift(licence: str, street: str, first: str, last: str) -> Record:
    """Return a row of 线上值班."""
    return {"执业证号": licence, "街道代码": street, "开始": first, "结束": last}


def lecture(licence: str, place: str, day: str, times: int | None = None) -> Record:
    """Return a row of 服务记录."""
    return {
        "日期": day,
        "社区代码": place,
        "执业证号": licence,
        "服务类别": "法治讲座",
        "件次": times,
    }


def case(
    number: str, closed: str, place: str, licence: str, level: str, form: str, **more: str
) -> Record:
    """Return a row of 以案定补."""
    head = {
        "案件编号": number,
        "受理日期": closed[:8] + "01",
        "结案日期": closed,
        "社区代码": place,
        "执业证号": licence,
        "难易等级": level,
        "协议形式": form,
    }
    return head | {"已履行": "是", "卷宗齐全": "是"} | more
