"""The upload of a workbook."""

from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileAllowed, FileField, FileRequired

from counselhub.core.forms import Form


class UploadForm(Form):
    """One .xlsx; its size is limited by the application."""

    file = FileField(
        _l("Excel 工作簿（.xlsx）"),
        [
            FileRequired(_l("请选择一个文件")),
            FileAllowed(["xlsx"], _l("请选择 .xlsx 文件；旧版 .xls 请在 Excel 中另存为 .xlsx")),
        ],
    )
