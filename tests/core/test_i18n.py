"""The language of a page is its reader's, and nobody's after that."""

from flask import Flask

from counselhub.core.i18n import pick_locale, written_in


def test_one_readers_language_is_not_the_next_ones(app: Flask) -> None:
    """All on one thread, as a worker serves them."""
    english, chinese = app.test_client(), app.test_client()
    assert english.post("/language", data={"language": "en"}).status_code == 303
    for _twice in range(2):
        assert '<html lang="en"' in english.get("/sign-in").text
        assert '<html lang="zh-CN"' in chinese.get("/sign-in").text
    assert english.get("/no-such-page").status_code == 404
    assert pick_locale() == "zh_CN"


def test_a_letter_is_in_its_readers_language_whoever_asks_for_it(app: Flask) -> None:
    with app.test_request_context():
        with written_in("en"):
            assert pick_locale() == "en"
        assert pick_locale() == "zh_CN"
