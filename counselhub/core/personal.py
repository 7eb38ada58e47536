"""Names and phone numbers of people: read as they are typed, shown masked. Pure."""

import re
import unicodedata

LONGEST_NAME = 50
HIDDEN = "****"
_PAIRS = (
    "欧阳歐陽太史端木上官司马司馬东方東方独孤南宫万俟闻人夏侯诸葛諸葛尉迟公羊赫连澹台皇甫宗政濮阳公冶"
    "太叔申屠公孙慕容仲孙钟离长孙宇文司徒鲜于司空闾丘子车亓官司寇巫马公西颛孙漆雕乐正宰父谷梁拓跋轩辕"
    "令狐段干百里呼延东郭南门羊舌微生梁丘左丘西门第五南荣东里即墨达奚褚师"
)
COMPOUND_SURNAMES = frozenset(_PAIRS[at : at + 2] for at in range(0, len(_PAIRS), 2))
_BETWEEN = re.compile(r"[\s\-‐-―−()./·]+")
_EXTENSION = re.compile(r"(?:转|轉|ext|x|#)([0-9]{1,6})")
_PHONES = re.compile(
    r"1[3-9][0-9]{9}"  # mobile
    r"|0(?:10|2[0-9]|[3-9][0-9]{2})[0-9]{7,8}"  # landline with its area
    r"|[48]00[0-9]{7}"
    r"|[2-9][0-9]{6,7}"  # landline without area
    r"|\+[1-9][0-9]{6,14}"  # abroad
)
_MASKS = tuple(
    re.compile(shape)
    for shape in (
        r"(1[3-9][0-9])[0-9]{4}([0-9]{4})",
        r"(0(?:10|2[0-9]|[3-9][0-9]{2}))[0-9]{3,4}([0-9]{4})",
        r"([48]00)[0-9]{4}([0-9]{3})",
        r"()[0-9]{3,4}([0-9]{4})",
        r"(\+[0-9]{2})[0-9]{4,}([0-9]{3})",
    )
)
_JOINERS = " ·•・.-'’‧()（）、"


class PhoneError(ValueError):
    """What was typed is no phone number."""


class BadNameError(ValueError):
    """What was typed cannot be a name; `code` is `long`, `signs` or `letters`."""

    def __init__(self, code: str) -> None:
        """Keep the code: the sentence is the form's."""
        super().__init__(code)
        self.code = code


def normal_phone(typed: str) -> str:
    """Return the one way of writing a number, "" for nothing: 13800000001, 075588880000#801.

    Full-width digits, blanks, dashes, brackets, invisible signs and +86 are taken out; a number
    abroad keeps its plus, an extension follows `#`. Raises PhoneError.
    """
    plain = unicodedata.normalize("NFKC", _visible(typed)).casefold()
    plain = _BETWEEN.sub("", plain)
    if not plain:
        return ""
    extension = ""
    if found := _EXTENSION.search(plain):
        if found.end() != len(plain):
            raise PhoneError(typed)
        plain, extension = plain[: found.start()], f"#{found[1]}"
    number = _national(f"+{plain[2:]}" if plain.startswith("00") else plain)
    if not _PHONES.fullmatch(number):
        raise PhoneError(typed)
    return number + extension


def _national(number: str) -> str:
    """Take the country code of China off; a landline gets the 0 before its area back."""
    bare = re.fullmatch(r"86(1[3-9][0-9]{9})", number)
    if bare:
        return bare[1]
    if not number.startswith("+86"):
        return number
    rest = number[3:]
    if rest.startswith("0") or re.fullmatch(r"1[3-9][0-9]{9}|[48]00[0-9]{7}", rest):
        return rest
    return f"0{rest}"


def masked_phone(phone: str) -> str:
    """Return a number, written as `normal_phone` does, with its middle hidden: 138****5678."""
    if not phone:
        return ""
    number, _sign, extension = phone.partition("#")
    shown = next((m for shape in _MASKS if (m := shape.fullmatch(number))), None)
    masked = f"{shown[1]}{HIDDEN}{shown[2]}" if shown else HIDDEN
    return f"{masked}#**" if extension else masked


def clean_name(typed: str) -> str:
    """Return a name without invisible signs and with single blanks, "" for nothing.

    At most 50 signs; letters, digits and what joins the parts of a name. Raises BadNameError.
    """
    name = " ".join(_visible(typed).split())
    if len(name) > LONGEST_NAME:
        raise BadNameError("long")
    kinds = [unicodedata.category(sign)[0] for sign in name if sign not in _JOINERS]
    if any(kind not in "LMN" for kind in kinds):
        raise BadNameError("signs")
    if name and "L" not in kinds:
        raise BadNameError("letters")
    return name


def masked_name(name: str) -> str:
    """Return the surname, or the first letter, and two stars whatever follows: 张**, 欧阳**, J**.

    A name of one sign is hidden whole; the stars do not tell how long the rest is.
    """
    if not name:
        return ""
    first = _first_letter(name)
    if len(name) == len(first):
        return "*"
    if name[:2] in COMPOUND_SURNAMES and len(name) > 2:
        return f"{name[:2]}**"
    return f"{first}**"


def _first_letter(name: str) -> str:
    """The first sign with the marks that belong to it."""
    end = 1
    while end < len(name) and unicodedata.category(name[end])[0] == "M":
        end += 1
    return name[:end]


def _visible(text: str) -> str:
    """Take out the signs that steer writing, which a copied contact carries unseen."""
    return "".join(sign for sign in text if unicodedata.category(sign) != "Cf")


def normal_text(text: str) -> str:
    """Return `text` without blanks and dashes, to look for a name or a number in it."""
    return _BETWEEN.sub("", unicodedata.normalize("NFKC", _visible(text))).casefold()
