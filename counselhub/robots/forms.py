"""The form of a robot."""

from dataclasses import asdict
from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import BooleanField, PasswordField, RadioField, StringField
from wtforms.validators import InputRequired, Length
from wtforms.widgets import PasswordInput

from counselhub.core.fields import BoxesField, HourField
from counselhub.core.forms import RevisionForm, WhenGiven, given, text
from counselhub.notices.rules import Hours
from counselhub.robots.actions import Given
from counselhub.robots.kinds import Style, Vendor
from counselhub.robots.models import Robot
from counselhub.robots.webhooks import LONGEST_ADDRESS

NEEDED = InputRequired(_l("请填写"))
CHOSEN = InputRequired(_l("请选择"))
PACES = [("now", _l("随时，一分钟内的合并成一条")), ("daily", _l("每天汇总一次"))]


NEW = {"vendor": Vendor.DINGTALK, "style": Style.MARKDOWN, "pace": "now", **asdict(Hours())}
"""What the form of a new robot shows at first."""


TYPED = PasswordInput(hide_value=False)
"""Gives back what was just typed into a form that is refused; what is kept is in no form."""


class RobotForm(RevisionForm):
    """What a robot is to be; address and secret, once kept, are shown to nobody again."""

    vendor = RadioField(_l("平台"), [CHOSEN])
    name = StringField(_l("名称"), [NEEDED, Length(max=40)])
    address = PasswordField(
        _l("Webhook 地址"), [WhenGiven(), Length(max=LONGEST_ADDRESS)], widget=TYPED
    )
    secret = PasswordField(_l("加签密钥"), [WhenGiven(), Length(max=128)], widget=TYPED)
    style = RadioField(_l("消息格式"), [CHOSEN])
    topics = BoxesField(_l("发哪些提醒"), [InputRequired(_l("请至少选择一种提醒。"))])
    pace = RadioField(_l("什么时候发"), [CHOSEN])
    digest_at = HourField(_l("汇总时间"))
    quiet_from = HourField(_l("免打扰从"))
    quiet_until = HourField(_l("免打扰到"))
    rests = BooleanField(_l("休息日和节假日不发"))

    def __init__(self, *args: Any, offered: list[tuple[str, str]], **more: Any) -> None:
        """offered: code and words of the topics that may be chosen."""
        super().__init__(*args, **more)
        self.vendor.choices, self.style.choices = Vendor.choices(), Style.choices()
        self.topics.choices = offered
        self.pace.choices = PACES

    @property
    def given(self) -> Given:
        """What was filled in, after validation."""
        return Given(
            name=text(self.name),
            vendor=Vendor.of(text(self.vendor)),
            style=Style.of(text(self.style)),
            topics=tuple(self.topics.data or ()),
            is_daily=self.pace.data == "daily",
            hours=Hours(
                given(self.quiet_from),
                given(self.quiet_until),
                bool(self.rests.data),
                given(self.digest_at),
            ),
            address=text(self.address).strip(),
            secret=text(self.secret).strip(),
        )


def filled(robot: Robot) -> dict[str, Any]:
    """Return what the form of a robot shows at first."""
    return {
        "revision": robot.revision,
        "vendor": robot.vendor,
        "name": robot.name,
        "style": robot.style,
        "topics": list(robot.topics),
        "pace": "daily" if robot.is_daily else "now",
        **asdict(robot.hours),
    }
