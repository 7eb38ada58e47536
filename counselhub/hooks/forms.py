"""The form of a hook."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import StringField
from wtforms.validators import InputRequired, Length

from counselhub.core.fields import BoxesField
from counselhub.core.forms import RevisionForm, text
from counselhub.hooks.actions import Given
from counselhub.hooks.rules import LONGEST_ADDRESS

NEEDED = InputRequired(_l("请填写"))


class HookForm(RevisionForm):
    """What a hook is to be."""

    name = StringField(_l("用途"), [NEEDED, Length(max=60)])
    address = StringField(_l("推送到（网址）"), [NEEDED, Length(max=LONGEST_ADDRESS)])
    chosen = BoxesField(_l("推送哪些事件"), [InputRequired(_l("请至少选择一种事件。"))])

    def __init__(self, *args: Any, choices: list[tuple[str, str]], **more: Any) -> None:
        """choices: code and words of what may be told."""
        super().__init__(*args, **more)
        self.chosen.choices = choices

    @property
    def given(self) -> Given:
        """What was filled in, after validation."""
        chosen = tuple(self.chosen.data or ())
        return Given(name=text(self.name), address=text(self.address), chosen=chosen)
