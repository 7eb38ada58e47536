"""Chinese is the source, English the one catalogue: no word may lack its translation."""

import re

from tools.words import in_catalogue, in_source

PLACEHOLDER = re.compile(r"%\((\w+)\)")


def test_every_word_has_its_english() -> None:
    known = {(message.context, message.id) for message in in_catalogue() if message.string}
    missing = [
        message.id
        for message in in_source()
        if message.id and (message.context, message.id) not in known
    ]
    assert missing == []


def test_no_translation_is_left_over_or_fuzzy() -> None:
    used = {(message.context, message.id) for message in in_source()}
    known = [message for message in in_catalogue() if message.id]
    assert [m.id for m in known if (m.context, m.id) not in used or m.fuzzy] == []


def test_translations_keep_their_figures() -> None:
    for message in in_catalogue():
        if isinstance(message.id, str) and message.id:
            assert set(PLACEHOLDER.findall(message.id)) == set(
                PLACEHOLDER.findall(str(message.string))
            ), message.id
