"""What the manager types: a passphrase for the archive, the firm's name to leave."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import PasswordField, StringField
from wtforms.validators import InputRequired, Length, ValidationError

from counselhub.core.forms import Form, text
from counselhub.tenants.keys import SHORTEST_PASSPHRASE

LONGEST = 200


class ArchiveForm(Form):
    """The passphrase under which the archive's keys are sealed, twice."""

    passphrase = PasswordField(_l("口令"), [InputRequired(_l("请填写口令")), Length(max=LONGEST)])
    again = PasswordField(_l("再输入一次"), [InputRequired(_l("请再输入一次口令"))])

    def validate_passphrase(self, field: PasswordField) -> None:
        """Want as many letters as the archive does."""
        if len(text(field)) < SHORTEST_PASSPHRASE:
            raise ValidationError(_("口令至少 %(least)d 个字符。", least=SHORTEST_PASSPHRASE))

    def validate_again(self, field: PasswordField) -> None:
        """Want the same once more: nobody can open the archive with a slip of the finger."""
        if text(field) != text(self.passphrase):
            raise ValidationError(_("两次输入的口令不一样。"))


class DepartureForm(Form):
    """The firm's name, typed to confirm."""

    name = StringField(_l("本所名称"), [InputRequired(_l("请输入本所名称")), Length(max=200)])
