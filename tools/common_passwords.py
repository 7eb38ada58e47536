"""Write `counselhub/people/data/common_passwords.txt`: `python -m tools.common_passwords`.

The list is our own: habits put together from everyday words, names, years and keyboard rows that
anybody knows. No list of leaked passwords was used. What is written is what `password_rules.forms`
makes of a password: lower case, letters and digits only.
"""

from itertools import product
from pathlib import Path

TARGET = Path(__file__).resolve().parents[1] / "counselhub/people/data/common_passwords.txt"

WORDS = """
abc abcd abcde a aa aaa aaaa admin administrator root user guest test demo hello welcome login
password passwd pass mima qwe qwer qwert qwerty asd asdf asdfgh zxc zxcv zxcvbn qaz qazwsx wsx
iloveyou love baby sunshine dragon monkey master superman football letmein secret changeme default
woaini woaiwojia aini wodemima mimajiushi nihao haha hehe xiaoxin baobao laopo laogong mama baba
wangyi weixin taobao alibaba tengxun huawei xiaomi china zhongguo beijing shanghai guangzhou
shenzhen guangdong hangzhou chengdu wuhan nanjing tianjin chongqing
falv lvshi lawyer law lvsuo lvshisuo guwen falvguwen sifa sifaju sifasuo shequ jiedao juweihui
zhengfu gongan fayuan renmin counselhub counsel community office company
zhang wang li zhao chen liu yang huang zhou wu xu sun ma zhu hu guo he gao lin luo zheng liang
"""
TAILS = """
1 12 123 1234 12345 123456 1234567 12345678 123456789 1234567890 123123 123321 321 4321 54321 654321
0 00 000 0000 000000 11 111 1111 111111 222 333 555 555555 666 6666 666666 777 888 8888 888888 999
9999 999999 100 168 188 518 520 521 1314 5201314 1314520 110 119 120 12348 123654 147258 147258369
159357 159753 112233 121212 131313 2008 2018 2019 2020 2021 2022 2023 2024 2025 2026 2027 2028 2029
"""
ROWS = """
1qaz2wsx 1qaz2wsx3edc 1q2w3e 1q2w3e4r 1q2w3e4r5t q1w2e3 q1w2e3r4 qwertyuiop qwertyuiop123 asdfghjkl
zxcvbnm zaq12wsx zaq1xsw2 zaq1zaq1 qazwsxedc qaz123wsx 123qwe 123qweasd 123qweasdzxc 123abc 123456a
123456abc 12345678a 123456789a 1a2b3c 1a2b3c4d a1b2c3 a1b2c3d4 a123456b abc123abc abc123123
qwe123qwe qweasd qweasdzxc qwaszx 1234qwer 4321rewq 0okm9ijn 9ijn0okm poiuytrewq lkjhgfdsa mnbvcxz
asd123asd 123admin 888888a 666666a 5201314a 1314520a
"""


def lines() -> list[str]:
    """Return the list, sorted; what is shorter than six characters is refused anyway."""
    words = WORDS.split()
    dressed = {word + tail for word, tail in product(words, TAILS.split())}
    return sorted(one for one in {*words, *dressed, *ROWS.split()} if len(one) >= 6)


def main() -> None:
    """Write the file."""
    head = (__doc__ or "").partition("\n\n")[2].splitlines()
    TARGET.write_text("".join(f"# {line}\n" for line in head) + "\n".join(lines()) + "\n")


if __name__ == "__main__":
    main()
