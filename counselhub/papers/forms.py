"""What a reader types off a paper, or the file itself."""

import re
from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from wtforms import StringField
from wtforms.validators import InputRequired, Length, Optional, ValidationError

from counselhub.core import money
from counselhub.core.forms import Form, text
from counselhub.papers.rules import SHORTEST_DIGEST, Given
from counselhub.statements.documents.stamp import CODE

LARGEST_BYTES = 20 * 2**20
BLANKS = re.compile(r"[\s\u3000-]+")
MONTH = re.compile(r"([1-9][0-9]{3})[-/.年](0?[1-9]|1[0-2])月?")


class PaperForm(Form):
    """The code of a paper, and what else is to be compared with it."""

    code = StringField(_l("验真码"), [InputRequired(_l("请填写二维码旁的验真码")), Length(max=80)])
    month = StringField(_l("结算月份"), [Optional(), Length(max=20)])
    total = StringField(_l("合计金额"), [Optional(), Length(max=30)])
    digest = StringField(_l("封存摘要"), [Optional(), Length(max=100)])
    _month: date | None = None
    _total_fen: int | None = None

    def validate_code(self, field: StringField) -> None:
        """Want thirty-two hexadecimal digits, however they are grouped."""
        if not re.fullmatch(CODE, _digits(field)):
            raise ValidationError(_("验真码是 32 位数字和字母 A 到 F，请对照纸面核对。"))

    def validate_month(self, field: StringField) -> None:
        """Read `2026-10` and `2026年10月`."""
        found = MONTH.fullmatch(BLANKS.sub("", text(field)) if "年" in text(field) else text(field))
        if found is None:
            raise ValidationError(_("请写成 2026-10 或 2026年10月。"))
        self._month = date(int(found[1]), int(found[2]), 1)

    def validate_total(self, field: StringField) -> None:
        """Read the amount in yuan, a negative one too."""
        try:
            self._total_fen = money.parse_yuan(text(field))
        except money.AmountError as error:
            raise ValidationError(_("请填写金额数字，单位是元，例如 1666.67。")) from error

    def validate_digest(self, field: StringField) -> None:
        """Want at least the first groups of the digest."""
        if not re.fullmatch(f"[0-9a-f]{{{SHORTEST_DIGEST},64}}", _digits(field)):
            raise ValidationError(_("封存摘要是数字和字母 A 到 F，至少填前 8 位。"))

    @property
    def typed_code(self) -> str:
        """The code as it is kept."""
        return _digits(self.code)

    @property
    def given(self) -> Given:
        """What is to be compared, after validation."""
        return Given(self._month, self._total_fen, _digits(self.digest))


class FileForm(Form):
    """A PDF that somebody was sent."""

    file = FileField(_l("结算单 PDF"), [InputRequired(_l("请选择 PDF 文件"))])
    content: bytes = b""

    def validate_file(self, field: Any) -> None:
        """Read the file, of a size that a statement may have."""
        self.content = field.data.read(LARGEST_BYTES + 1) if field.data else b""
        if len(self.content) > LARGEST_BYTES:
            raise ValidationError(_("文件超过 20 MB，不是本系统出具的结算单。"))
        if not self.content.startswith(b"%PDF-"):
            raise ValidationError(_("这不是 PDF 文件。照片和截图请改用验真码核对。"))


def _digits(field: StringField) -> str:
    return BLANKS.sub("", text(field)).lower()
