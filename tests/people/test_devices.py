"""A browser in words."""

import pytest

from counselhub.people.devices import device

WINDOWS = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko)"
ANDROID = "Mozilla/5.0 (Linux; Android 12; X) AppleWebKit/537.36 (KHTML, like Gecko)"
IPHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 17_0 like Mac OS X) AppleWebKit/605.1.15"


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (f"{WINDOWS} Chrome/120.0 Safari/537.36", "Chrome · Windows"),
        (f"{WINDOWS} Chrome/120.0 Safari/537.36 Edg/120.0", "Edge · Windows"),
        (f"{ANDROID} Version/4.0 Chrome/107.0 Mobile MicroMessenger/8.0", "微信 · Android"),
        (f"{ANDROID} Chrome/107.0 Mobile AliApp(DingTalk/7.0)", "钉钉 · Android"),
        (f"{IPHONE} Version/17.0 Mobile Safari/604.1", "Safari · iPhone"),
        ("Mozilla/5.0 (X11; Linux x86_64; rv:120.0) Gecko/2010 Firefox/120.0", "Firefox · Linux"),
        ("curl/8.0", ""),
        ("", ""),
    ],
)
def test_device(agent: str, words: str) -> None:
    assert device(agent) == words
