"""What a policy file says, what it may not say, and whose cosignatures suffice by it."""

from __future__ import annotations

from base64 import b64encode
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.log import note
from auction.log.note import Key
from auction.log.policy import Policy
from auction.log.policy_file import LONGEST, BadPolicy, read


def key(number: int, type: int = note.COSIGNATURE) -> Key:
    return Key(f"w{number}.example/w", type, bytes([number]) * 32)


LOG = key(99, note.ED25519)
WITNESSES = "".join(f"witness {name} {key(number)}\n" for number, name in enumerate("abcdef"))
TWO_LEVELS = (
    f"# two organisations\nlog {LOG} https://log.example/\n\n{WITNESSES}"
    "group x 2 a b c\n \tgroup y any  d\te f \ngroup both all x y\nquorum both\n"
)


def told(text: str) -> Policy:
    return read(text.encode())


def suffice(policy: Policy, names: str) -> bool:
    return policy.met(key("abcdef".index(name)) for name in names)


def test_two_of_three_and_one_of_three_suffice_and_nothing_less() -> None:
    policy = told(TWO_LEVELS)

    for count in range(7):
        for names in combinations("abcdef", count):
            enough = len({*"abc"} & {*names}) >= 2 and bool({*"def"} & {*names})
            assert suffice(policy, "".join(names)) == enough


def test_a_key_of_another_name_or_type_is_not_the_witness() -> None:
    policy = told(f"witness a {key(0)}\nquorum a\n")

    assert policy.met([key(0)])
    assert not policy.met([Key("other.example/w", note.COSIGNATURE, key(0).public)])
    assert not policy.met([key(0, note.ED25519)])


def test_none_suffices_where_none_is_asked_for() -> None:
    assert told("quorum none\n").met([])
    assert told(f"{WITNESSES}quorum none").met([])
    assert not told(f"{WITNESSES}quorum a").met([])


def test_logs_and_addresses_are_read() -> None:
    policy = told(TWO_LEVELS + f"witness g {key(7)} https://w.example/prefix\n")

    assert [(log.name, log.key, log.url) for log in policy.logs] == [(LOG.name, LOG, "https://log.example/")]
    assert policy.witnesses[-1].url == "https://w.example/prefix"
    assert {witness.url for witness in policy.witnesses[:-1]} == {""}


def test_what_is_written_is_read_again() -> None:
    assert told(str(told(TWO_LEVELS))) == told(TWO_LEVELS)


def test_names_are_bytes_whatever_they_spell() -> None:
    name = b"\xff\xfe\xe2\x84\xaa"
    policy = read(b"witness %b %b\nwitness K %b\nquorum %b\n" % (name, *vkeys(1, 2), name))

    assert policy.met([key(1)])
    assert not policy.met([key(2)])


def vkeys(*numbers: int) -> list[bytes]:
    return [str(key(number)).encode() for number in numbers]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "# quorum none",
        "quorum a",
        "quorum none\nquorum none",
        "quorum",
        "quorum none none",
        f"witness a {key(0)}\nwitness a {key(1)}\nquorum a",
        f"witness a {key(0)}\nwitness b {key(0)}\nquorum a",
        f"witness a {key(0)}\nwitness b {Key('renamed', note.COSIGNATURE, key(0).public)}\nquorum a",
        f"witness none {key(0)}\nquorum none",
        f"witness a {key(0, note.ED25519)}\nquorum a",
        f"witness a {key(0)} url more\nquorum a",
        f"witness {key(0)}\nquorum none",
        f"witness a {str(key(0))[:-4]}AAA=\nquorum a",
        f"witness a w+00000000+{b64encode(b'x' * 1313).decode()}\nquorum a",
        "witness a w+x+\x7f\nquorum a",
        f"log {key(0)}\nquorum none",
        f"log {LOG}\nlog {LOG}\nquorum none",
        "log\nquorum none",
        f"{WITNESSES}group g\nquorum g",
        f"{WITNESSES}group\nquorum a",
        f"{WITNESSES}group g any\nquorum g",
        f"{WITNESSES}group g 0 a b\nquorum g",
        f"{WITNESSES}group g 3 a b\nquorum g",
        f"{WITNESSES}group g 02 a b\nquorum g",
        f"{WITNESSES}group g -1 a b\nquorum g",
        f"{WITNESSES}group g ٢ a b\nquorum g",
        f"{WITNESSES}group g some a b\nquorum g",
        f"{WITNESSES}group g any a a\nquorum g",
        f"{WITNESSES}group g any a\ngroup h any a b\nquorum h",
        f"{WITNESSES}group a any b c\nquorum a",
        f"{WITNESSES}group g any h\ngroup h any a\nquorum g",
        f"{WITNESSES}group g any g\nquorum g",
        f"{WITNESSES}group g any none\nquorum g",
        f"{WITNESSES}quorum g\ngroup g any a",
        "quorum none\r\n",
        "quorum none\0",
        "quorum\x0bnone",
        "quorum\u00a0none",
        "vouch none\nquorum none",
        f"quorum none\n#{'x' * LONGEST}",
    ],
)
def test_a_file_that_is_none_is_refused(text: str) -> None:
    with pytest.raises(BadPolicy):
        told(text)


def test_a_wrong_line_is_named() -> None:
    with pytest.raises(BadPolicy, match="line 3"):
        told(f"# a comment\nwitness a {key(0)}\ngroup g 2 a\nquorum g")


@given(st.binary(max_size=200))
def test_whatever_is_read_it_is_a_policy_or_none(data: bytes) -> None:
    try:
        policy = read(data + b"\nquorum none")
    except BadPolicy:
        return
    assert policy.met([])
