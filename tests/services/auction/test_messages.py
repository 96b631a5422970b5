"""What a client may say is read strictly; what it is told can be read by its page."""

from __future__ import annotations

import json
from uuid import UUID

import pytest

from auction import messages
from auction.engine import Decision, Offer
from auction.messages import AfterMessage, BadMessage, BidMessage, TimeMessage
from auction.rules.grounds import Ground
from auction.rules.money import LARGEST_FEN
from tests.support.clock import NOON

KEY = str(UUID(int=7))


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (f'{{"type":"bid","key":"{KEY}","amount":140000094}}', BidMessage(KEY, 140_000_094)),
        (f'{{"type":"bid","key":"{KEY.upper()}","amount":1}}', BidMessage(KEY, 1)),
        ('{"type":"after","seq":12}', AfterMessage(12)),
        ('{"type":"time","sent":1.5}', TimeMessage(1.5)),
    ],
)
def test_a_message_is_read(text: str, message: messages.Message) -> None:
    assert messages.read(text) == message


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "7",
        "[]",
        "{}",
        "[" * 4096,
        '{"type":"sell"}',
        '{"type":["bid"]}',
        '{"type":"bid"}',
        f'{{"type":"bid","key":"{KEY}"}}',
        f'{{"type":"bid","key":"{KEY}","amount":1,"code":"A"}}',
        f'{{"type":"bid","key":"{KEY}","amount":1.0}}',
        f'{{"type":"bid","key":"{KEY}","amount":"1"}}',
        f'{{"type":"bid","key":"{KEY}","amount":true}}',
        f'{{"type":"bid","key":"{KEY}","amount":-1}}',
        f'{{"type":"bid","key":"{KEY}","amount":{LARGEST_FEN + 1}}}',
        '{"type":"bid","key":"not a key","amount":1}',
        '{"type":"bid","key":7,"amount":1}',
        '{"type":"after","seq":-1}',
        '{"type":"time","sent":NaN}',
        '{"type":"time","sent":1e400}',
        '{"type":"time","sent":Infinity}',
        '{"type":"time","sent":1,"sent":2}',
        '{"type":"time","type":"time","sent":1}',
        f'{{"type":"bid","key":"{KEY}","amount":1,"amount":2}}',
        f'{{"type":"bid","key":"{KEY}","amount":{"9" * 4000}}}',
        f'{{"type":"bid","key":"{KEY[:-1]}\\ud800","amount":1}}',
        f'{{"type":"bid","key":"{KEY}\x00","amount":1}}',
        f'\ufeff{{"type":"bid","key":"{KEY}","amount":1}}',
    ],
)
def test_anything_else_is_a_bad_message(text: str) -> None:
    with pytest.raises(BadMessage):
        messages.read(text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"null",
        b"\xff\xfe",
        f'{{"key":"{KEY}","amount":1}}'.encode("utf-16"),
        f'{{"key":"{KEY}","amount":NaN}}'.encode(),
        f'{{"key":"{KEY}","amount":1,"amount":2}}'.encode(),
        f'{{"key":"{KEY}","amount":{" " * 4096}1}}'.encode(),
        b"[" * 4000,
    ],
)
def test_a_body_that_is_no_bid_is_a_bad_message(body: bytes) -> None:
    with pytest.raises(BadMessage):
        messages.read_bid(body)


def test_a_bid_is_read_from_a_body() -> None:
    assert messages.read_bid(f'{{"key":"{KEY}","amount":9}}'.encode()) == BidMessage(KEY, 9)


def test_a_refusal_carries_its_article_and_its_receipt() -> None:
    offer = Offer(1, None, 4, KEY, NOON)
    decision = Decision(offer, ground=Ground.TOO_LOW, least_fen=5, receipt="signed")

    assert messages.decided(decision) == {
        "type": "refused",
        "key": KEY,
        "ground": "too_low",
        "article": "法释〔2016〕18号第20条第1款",
        "least": 5,
        "receipt": "signed",
    }


def test_a_message_travels_as_compact_json() -> None:
    assert json.loads(messages.wire({"type": "x", "text": "拍"})) == {"type": "x", "text": "拍"}
    assert " " not in messages.wire({"type": "x", "text": "拍"})
