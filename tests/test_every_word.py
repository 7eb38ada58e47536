"""Chinese is the source, English the one catalogue: no word may lack its translation."""

import re

from tools.words import in_catalogue, in_source

PLACEHOLDER = re.compile(r"%\((\w+)\)")


def test_every_word_has_its_english() -> None:
    known = {message.id: message for message in in_catalogue() if message.id}
    missing = [
        message.id
        for message in in_source()
        if message.id and (message.id not in known or not known[message.id].string)
    ]
    assert missing == []


def test_no_translation_is_left_over_or_fuzzy() -> None:
    used = {message.id for message in in_source()}
    assert [m.id for m in in_catalogue() if m.id and (m.id not in used or m.fuzzy)] == []


def test_translations_keep_their_figures() -> None:
    for message in in_catalogue():
        if isinstance(message.id, str) and message.id:
            assert set(PLACEHOLDER.findall(message.id)) == set(
                PLACEHOLDER.findall(str(message.string))
            ), message.id
