"""The form by which a firm signs up."""

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, EmailField, StringField, TelField, ValidationError
from wtforms.validators import InputRequired, Length

from counselhub.core.forms import Form, text
from counselhub.joining import rules
from counselhub.joining.actions import Contact, Entry

NEEDED = InputRequired(_l("请填写"))
AGREED = InputRequired(_l("请阅读并同意后再提交"))


class JoinForm(Form):
    """A law firm, whom to ask about it, and its consent to both texts."""

    firm_name = StringField(_l("律师事务所名称"), [NEEDED, Length(min=4, max=80)])
    credit_code = StringField(_l("统一社会信用代码"), [NEEDED, Length(max=30)])
    licence_number = StringField(_l("执业许可证号"), [NEEDED, Length(max=30)])
    contact_name = StringField(_l("联系人姓名"), [NEEDED, Length(max=50)])
    email = EmailField(_l("邮箱"), [NEEDED, Length(max=254)])
    phone = TelField(_l("联系电话"), [NEEDED, Length(max=30)])
    terms = BooleanField(_l("我代表本所同意服务条款"), [AGREED])
    data = BooleanField(_l("我代表本所同意数据处理协议"), [AGREED])

    def validate_credit_code(self, field: StringField) -> None:
        """It has its check character, and is a law firm's."""
        if rules.credit_code(text(field)) is None:
            raise ValidationError(
                _l("请核对18位统一社会信用代码：律师事务所的以31开头，最后一位是校验码。")
            )

    def validate_licence_number(self, field: StringField) -> None:
        """It is written as licences of firms are."""
        if rules.licence_number(text(field)) is None:
            raise ValidationError(
                _l("请核对执业许可证号：与统一社会信用代码相同，或是以2开头的17位旧号。")
            )

    def validate_email(self, field: EmailField) -> None:
        """A link can be sent to it."""
        local, at, host = text(field).partition("@")
        if not (local and at and "." in host) or any(map(str.isspace, text(field))):
            raise ValidationError(_l("请填写有效的邮箱地址，开通链接会发到这里。"))

    def validate_phone(self, field: TelField) -> None:
        """Somebody can be called there."""
        if not rules.is_phone(text(field)):
            raise ValidationError(_l("请填写11位手机号，或带区号的座机号。"))

    def entry(self) -> Entry:
        """Return what a valid form says."""
        return Entry(
            text(self.firm_name),
            rules.credit_code(text(self.credit_code)) or "",
            rules.licence_number(text(self.licence_number)) or "",
            Contact(text(self.contact_name), text(self.email).lower(), text(self.phone)),
        )
