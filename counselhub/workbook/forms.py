"""The upload of a workbook."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired
from wtforms import ValidationError

from counselhub.core import uploads
from counselhub.core.forms import Form
from counselhub.core.uploads import UploadError


class UploadForm(Form):
    """One .xlsx; its size is limited by the application."""

    file = FileField(
        _l("Excel 工作簿（.xlsx）"),
        [
            FileRequired(_l("请选择一个文件")),
            FileAllowed(["xlsx"], _l("请选择 .xlsx 文件；旧版 .xls 请在 Excel 中另存为 .xlsx")),
        ],
    )

    def validate_file(self, field: FileField) -> None:
        """Judge the content, whatever the name says: nothing else is kept."""
        try:
            uploads.judge_workbook(field.data.read())
        except UploadError as refusal:
            raise ValidationError(refusal.message) from refusal
        finally:
            field.data.seek(0)
