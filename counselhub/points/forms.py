"""Forms of duty points."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, IntegerField, RadioField, StringField, ValidationError
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from counselhub.core.forms import Form, WhenGiven, given, text
from counselhub.points.actions import Place
from counselhub.points.geo import Spot
from counselhub.points.kinds import MapSystem
from counselhub.points.models import DEFAULT_RADIUS_M
from counselhub.points.reading import PairError, PairFault, pair

FAULTS = {
    PairFault.NOT_TWO: _l("请填经度和纬度两个数，用逗号隔开，例如 113.912316,22.543847。"),
    PairFault.ELSEWHERE: _l("这两个数不是中国境内的经纬度，请核对后再填。"),
    PairFault.ROUGH: _l("小数位太少，会差几百米。请复制完整的坐标，至少三位小数。"),
}
LONGEST_ACCURACY = 6
NEEDED = InputRequired(_l("请填写"))
RADII = NumberRange(20, 2000, _l("半径在 20 到 2000 米之间。"))


class SpotForm(Form):
    """A place from a map or from the phone."""

    spot: Spot | None = None
    """What `pair` names, after validation; None for a blank one."""

    pair = StringField(_l("坐标"), [NEEDED, Length(max=80)])
    system = RadioField(_l("坐标从哪里来"), default=MapSystem.GCJ02.value)
    accuracy = HiddenField()
    """Metres, written by the page's script with the phone's own position."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Offer the maps."""
        super().__init__(*args, **kwargs)
        self.system.choices = MapSystem.choices()

    def validate_pair(self, field: StringField) -> None:
        """Read the place. Raises ValidationError with what is wrong with it."""
        if not text(field):
            return
        try:
            self.spot = pair(text(field), MapSystem.of(text(self.system)))
        except PairError as error:
            raise ValidationError(str(FAULTS[error.fault])) from error
        except KeyError:
            return  # the maps' own field says so

    @property
    def accuracy_m(self) -> int | None:
        """The error of the phone's position, None for a place from a map."""
        sent = text(self.accuracy)
        is_number = sent.isascii() and sent.isdecimal() and len(sent) <= LONGEST_ACCURACY
        is_phone = text(self.system) == MapSystem.WGS84
        return int(sent) if is_number and is_phone else None


class PointForm(SpotForm):
    """A community's point; a blank pair leaves it where it is."""

    revision = HiddenField()
    radius_m = IntegerField(_l("半径"), [NEEDED, RADII], default=DEFAULT_RADIUS_M)

    def __init__(self, present: Spot | None, *args: Any, **kwargs: Any) -> None:
        """present: where the point is now, None for a community without one."""
        super().__init__(*args, **kwargs)
        self.present = present
        if present is not None:
            self.pair.validators = [WhenGiven(), Length(max=80)]
            self.pair.flags.required = False

    @property
    def place(self) -> Place:
        """What was filled in, after validation."""
        if self.spot is None and self.present is not None:
            return Place(self.present, given(self.radius_m), is_same=True)
        return Place(self.spot or Spot(0, 0), given(self.radius_m), self.accuracy_m)


class ProposalForm(SpotForm):
    """Where a lawyer says that duty is done."""

    remark = StringField(_l("说明"), [Optional(), Length(max=100)])

    @property
    def place(self) -> Place:
        """What was filled in, after validation."""
        return Place(self.spot or Spot(0, 0), accuracy_m=self.accuracy_m)


class DecisionForm(Form):
    """What is decided about a proposal."""

    revision = HiddenField()
    radius_m = IntegerField(_l("半径"), [Optional(), RADII])


class RevisionForm(Form):
    """An act without further fields."""

    revision = HiddenField()
