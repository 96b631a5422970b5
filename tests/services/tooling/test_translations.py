"""The translation check finds what is said in the source and not in the catalogue."""

from __future__ import annotations

from compile_messages import Entry
from translations import faults, in_code, in_template

TEMPLATE = """{% load i18n %}
{% translate "Lots" %} {% translate "Bid" context "verb" %} {{ _("Plain")|upper }}
{% blocktranslate trimmed count n=bids %}
  {{ n }} bid
{% plural %}
  {{ n }} bids
{% endblocktranslate %}"""


def entry(source: str, translation: str, *flags: str) -> dict[str, Entry]:
    """Return a catalogue of one entry."""
    return {source: Entry({"msgid": source, "msgstr": translation}, set(flags))}


def test_every_way_to_mark_a_message_in_a_template_is_found() -> None:
    assert list(in_template(TEMPLATE)) == [
        {"msgid": "Lots"},
        {"msgctxt": "verb", "msgid": "Bid"},
        {"msgid": "Plain"},
        {"msgid": "%(n)s bid", "msgid_plural": "%(n)s bids"},
    ]


def test_messages_in_code_are_found_even_over_two_lines() -> None:
    code = 'a = _("one "\n "sentence")\nb = ngettext_lazy("lot", "lots", n)\nc = other("no")'

    assert list(in_code(code)) == [{"msgid": "one sentence"}, {"msgid": "lot", "msgid_plural": "lots"}]


def test_a_message_without_a_translation_is_a_fault() -> None:
    found = list(faults(entry("Lot", "", "page.html"), {}))

    assert found == ["page.html: not translated: 'Lot'"]


def test_empty_fuzzy_left_over_and_misfilled_translations_are_faults() -> None:
    source = entry("Lot %(id)s", "", "page.html")

    assert any("empty" in fault for fault in faults(source, entry("Lot %(id)s", "")))
    assert any("fuzzy" in fault for fault in faults(source, entry("Lot %(id)s", "标的 %(id)s", "fuzzy")))
    assert any("other placeholders" in fault for fault in faults(source, entry("Lot %(id)s", "标的 %(pk)s")))
    assert any("nowhere in the source" in fault for fault in faults({}, entry("Lot", "标的")))


def test_a_right_translation_is_no_fault() -> None:
    assert not list(faults(entry("Lot %(id)s", ""), entry("Lot %(id)s", "标的 %(id)s")))
