"""The forms that pages show, as a browser would fill them in and send them."""

from dataclasses import dataclass, field
from html.parser import HTMLParser
from urllib.parse import urlsplit

from counselhub.core import clock

TYPICAL = {
    "number": "1",
    "email": "somebody@example.test",
    "month": "2026-10",
    "time": "10:00",
    "password": "Wrong-1234",
    "tel": "13800000000",
    "checkbox": "y",
}


@dataclass
class ShownForm:
    """Where a form goes, and what it sends when nobody changes more than is asked for."""

    method: str
    path: str
    fields: dict[str, str] = field(default_factory=dict)
    is_upload: bool = False


class Reader(HTMLParser):
    """Collects the forms of a page."""

    def __init__(self, page: str, path: str) -> None:
        super().__init__()
        self.path = path
        self.forms: list[ShownForm] = []
        self.form: ShownForm | None = None
        self.select = self.text = ""
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            target = urlsplit(given.get("action") or self.path)
            path = f"{target.path}?{target.query}" if target.query else target.path
            self.form = ShownForm(given.get("method", "get").upper(), path)
            self.forms.append(self.form)
        elif self.form is not None:
            self._field(tag, given, self.form)

    def _field(self, tag: str, given: dict[str, str], form: ShownForm) -> None:
        name, kind = given.get("name", ""), given.get("type", "text")
        if tag == "select":
            self.select = name
            form.fields.setdefault(name, "")
        elif tag == "option" and self.select:
            if "selected" in given or not form.fields[self.select]:
                form.fields[self.select] = given.get("value", "")
        elif tag == "textarea":
            self.text = name
            form.fields[name] = "某事"
        elif tag == "input" and kind == "file":
            form.is_upload = True
        elif tag in ("input", "button") and name and name != "csrf_token":
            self._input(name, kind, given, form)

    def _input(self, name: str, kind: str, given: dict[str, str], form: ShownForm) -> None:
        if kind in ("radio", "checkbox") and "checked" not in given and name in form.fields:
            return
        typical = clock.today().isoformat() if kind == "date" else TYPICAL.get(kind, "甲")
        form.fields[name] = given.get("value") or typical

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.form = None
        elif tag == "select":
            self.select = ""
