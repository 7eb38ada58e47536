"""Which passwords are refused, and why."""

from importlib.util import find_spec, module_from_spec
from types import ModuleType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from counselhub.demo.cast import ACCOUNTS
from counselhub.demo.cast import PASSWORD as DEMO
from counselhub.people import passwords
from counselhub.people.password_rules import LONGEST, Fault, fault, forms, kinds
from tests.factories import PASSWORD
from tools import common_passwords

OWN = passwords.own_words_of(
    "王小明", "xm.wang-lawyer@example.test", [("广东某甲律师事务所", "nanwan-a")]
)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        pytest.param("Qinghe-7315", None, id="fine"),
        pytest.param("Qh7-315", Fault.SHORT, id="seven characters"),
        pytest.param("Qh73-15x", None, id="eight are enough"),
        pytest.param("Qh7-" * 32 + "x", Fault.LONG, id="129 characters"),
        pytest.param("qinghe-abc", Fault.KINDS, id="two kinds"),
        pytest.param("qinghe-731", None, id="small letters, figures, symbols"),
        pytest.param("QINGHE7315", Fault.KINDS, id="capitals and figures only"),
        pytest.param("Qinghe七三一五", None, id="Chinese characters are the fourth kind"),
        pytest.param("Password123", Fault.COMMON, id="the best known"),
        pytest.param("P@ssw0rd!", Fault.COMMON, id="in disguise"),
        pytest.param("P@ssw0rd123", Fault.COMMON, id="in disguise with figures"),
        pytest.param("Admin@123", Fault.COMMON, id="a symbol in between"),
        pytest.param("1qaz@WSX", Fault.COMMON, id="down the keyboard"),
        pytest.param("Qwer!@#$", Fault.COMMON, id="figures with shift"),
        pytest.param("Woaini1314", Fault.COMMON, id="a Chinese habit"),
        pytest.param("Zhang_2026", Fault.COMMON, id="a surname and the year"),
        pytest.param("Lvshi-8888", Fault.COMMON, id="the trade"),
        pytest.param("WangXiaoming#7", Fault.PERSONAL, id="the own name in pinyin"),
        pytest.param("王小明Abc#7315", Fault.PERSONAL, id="the own name"),
        pytest.param("L@wyer-7315", Fault.PERSONAL, id="a part of the address in disguise"),
        pytest.param("Guangdong-Moujia7", Fault.PERSONAL, id="the firm in pinyin"),
        pytest.param("某甲的密码Aa-7315", None, id="a part of the firm's name"),
        pytest.param("Nanwan-A-7315", Fault.PERSONAL, id="the firm's code"),
        pytest.param("Xm-qinghe-73", None, id="two letters of the address are no secret"),
    ],
)
def test_fault(password: str, why: Fault | None) -> None:
    assert fault(password, own_words=OWN, common=passwords.common()) is why


@given(st.text(max_size=200))
def test_whatever_passes_meets_the_numbers(password: str) -> None:
    if fault(password, own_words=OWN, common=passwords.common()) is None:
        assert 8 <= len(password) <= LONGEST
        assert kinds(password) >= 3


@given(st.sampled_from(sorted(passwords.common())), st.sampled_from(["!", "#!", "-.-"]))
def test_a_common_password_does_not_pass_in_capitals_and_symbols(word: str, dress: str) -> None:
    dressed = word.capitalize() + dress
    found = fault(dressed, own_words=(), common=passwords.common())
    assert found in (Fault.COMMON, Fault.SHORT, Fault.KINDS)


def test_the_list_is_what_its_tool_writes() -> None:
    assert passwords.common() == set(common_passwords.lines())
    assert all(forms(line) >= {line} for line in passwords.common())
    assert 3000 < len(passwords.common()) < 10_000


@pytest.mark.parametrize("account", ACCOUNTS, ids=lambda account: account.email)
def test_the_demonstration_keeps_its_password(account: object) -> None:
    firms = [("广东某甲律师事务所", getattr(account, "firm", ""))]
    words = passwords.own_words_of(
        getattr(account, "name", ""), getattr(account, "email", ""), firms
    )
    assert fault(DEMO, own_words=words, common=passwords.common()) is None


@pytest.fixture(scope="module")
def produced() -> ModuleType:
    """The module as it is in production: the tests' own one hashes as cheaply as can be."""
    spec = find_spec(passwords.__name__)
    assert spec is not None
    assert spec.loader is not None
    made = module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_parameters_are_those_that_were_measured(produced: ModuleType) -> None:
    kept = produced.hashed(PASSWORD)
    for one in (kept, produced.NOBODY):  # an unknown account takes as long as a known one
        assert one.startswith("$argon2id$v=19$m=19456,t=2,p=1$")
    assert produced.matches(kept, PASSWORD)
    assert not produced.matches(kept, PASSWORD + "x")
    assert not produced.matches(None, "nobody has this password")


def test_the_same_password_is_kept_differently_each_time(produced: ModuleType) -> None:
    assert produced.hashed(PASSWORD) != produced.hashed(PASSWORD)
