"""A catalogue compiled without gettext says what gettext would say."""

from __future__ import annotations

import gettext
import io

from compile_messages import compiled, entries

CATALOGUE = """
msgid ""
msgstr ""
"Content-Type: text/plain; charset=UTF-8\\n"
"Plural-Forms: nplurals=1; plural=0;\\n"

#. a note
msgid "Lot"
msgstr "标的"

msgctxt "verb"
msgid "Bid"
msgstr "出价"

msgid "%(count)s bid"
msgid_plural "%(count)s bids"
msgstr[0] "%(count)s 次出价"

#, fuzzy
msgid "Deposit"
msgstr "押金"

msgid "a \\"quoted\\" "
"word"
msgstr "引号"
"词"

#~ msgid "Old"
#~ msgstr "旧"
"""


def chinese() -> gettext.GNUTranslations:
    """Return the compiled catalogue as Django would load it."""
    return gettext.GNUTranslations(io.BytesIO(compiled(entries(CATALOGUE))))


def test_a_message_is_translated() -> None:
    assert chinese().gettext("Lot") == "标的"


def test_a_message_in_a_context_is_another_message() -> None:
    assert chinese().pgettext("verb", "Bid") == "出价"
    assert chinese().gettext("Bid") == "Bid"


def test_a_plural_has_one_form_in_chinese() -> None:
    assert chinese().ngettext("%(count)s bid", "%(count)s bids", 3) == "%(count)s 次出价"


def test_a_text_over_several_lines_is_one_text() -> None:
    assert chinese().gettext('a "quoted" word') == "引号词"


def test_an_unsure_or_struck_translation_is_left_out() -> None:
    assert chinese().gettext("Deposit") == "Deposit"
    assert chinese().gettext("Old") == "Old"
