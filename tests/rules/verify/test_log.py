"""The rules of the log (section 4) on a zip: checkpoint, proofs, order, quorum, an older checkpoint."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from tests.support.publishing import (
    COLLEGE,
    LOG,
    NOTARY,
    ORIGIN,
    PROSECUTOR,
    Publication,
    Signer,
    Tree,
    note,
    policy,
    private,
    published,
    vkey,
    zipped,
)
from tests.support.records import sold

from .conftest import Verifier

LINES = range(1, 15)
STRANGER: Signer = ("stranger.example", 4, private("stranger"))
IMPOSTOR: Signer = (ORIGIN, 1, private("impostor"))
OTHERS: Signer = ("another.example/log", 1, private("others"))


def bent(raw: bytes, line: int) -> bytes:
    """Return a note with another letter near the end of its signature number `line`."""
    lines = raw.decode().split("\n")
    at = lines.index("") + 1 + line
    lines[at] = lines[at][:-9] + ("B" if lines[at][-9] == "A" else "A") + lines[at][-8:]
    return "\n".join(lines).encode()


def test_a_published_record_breaks_no_rule(broken: Verifier) -> None:
    told = broken.told(published().zip())

    assert told["ok"]
    assert told["remarks"] == []
    assert told["summary"]["origin"] == ORIGIN
    assert told["summary"]["witnesses"] == ["notary.example/w1", "college.example/w2"]


GENUINE = published()
FOUR_LINES = note(GENUINE.text() + "extension\n", LOG, NOTARY, COLLEGE)
ALONE = {  # what makes the checkpoint no checkpoint: nothing else can be asked
    "missing": None,
    "empty": b"",
    "no note": b"auction.court.example/log/2026\n",
    "four lines": FOUR_LINES,
    "no origin": note("\n" + GENUINE.text().partition("\n")[2], LOG),
    "a size with a nought before it": note(GENUINE.text().replace("\n3", "\n03"), LOG),
    "a size beyond all numbers": note(GENUINE.text().replace("\n3", "\n" + "3" * 5_000), LOG),
    "a short root": note(f"{ORIGIN}\n30\nAAAA\n", LOG),
}


@pytest.mark.parametrize("name", ALONE)
def test_what_is_no_checkpoint_is_the_only_thing_said_of_the_log(broken: Verifier, name: str) -> None:
    assert broken(published(files={"checkpoint": ALONE[name]}).zip()) == {"L1 0"}


COSIGNED_THRICE = note(GENUINE.text(), LOG, NOTARY, COLLEGE, PROSECUTOR)
WRONG: dict[str, dict[str, Any]] = {
    "a bent signature of the log": {"files": {"checkpoint": bent(GENUINE.checkpoint(), 0)}},
    "a bent signature of a witness": {"files": {"checkpoint": bent(COSIGNED_THRICE, 2)}},
    "no signature of the log": {"signers": (NOTARY, COLLEGE)},
    "another key under the log's name": {"signers": (IMPOSTOR, NOTARY, COLLEGE)},
    "another origin": {"origin": "auction.court.example/log/2027"},
    "a policy of another log": {"files": {"policy": policy(log=OTHERS)}},
}


@pytest.mark.parametrize("name", WRONG)
def test_a_checkpoint_that_is_not_the_logs_is_named(broken: Verifier, name: str) -> None:
    assert broken(published(**WRONG[name]).zip()) == {"L1 0"}


def test_a_line_by_an_unknown_key_is_ignored(broken: Verifier) -> None:
    assert broken(published(signers=(IMPOSTOR, STRANGER, LOG, NOTARY, COLLEGE)).zip()) == set()


KEYS = "\n".join([f"log {vkey(LOG)}", f"witness n {vkey(NOTARY)}", f"witness c {vkey(COLLEGE)}", ""])
POLICIES = {
    "missing": None,
    "empty": b"",
    "no quorum": KEYS,
    "two quorums": KEYS + "quorum n\nquorum n\n",
    "a quorum nobody defined": KEYS + "quorum x\n",
    "a quorum defined afterwards": "quorum n\n" + KEYS,
    "no newline at its end": KEYS + "quorum n",
    "an unknown word": KEYS + "quorum n\nallow all\n",
    "a carriage return": KEYS + "quorum n\r\n",
    "a log without a key": "log\n" + KEYS + "quorum n\n",
    "a key twice": KEYS + f"witness again {vkey(NOTARY)}\nquorum n\n",
    "a log twice": KEYS + f"log {vkey(LOG)}\nquorum n\n",
    "a name twice": KEYS + f"witness n {vkey(PROSECUTOR)}\nquorum n\n",
    "none as a name": KEYS + f"witness none {vkey(PROSECUTOR)}\nquorum n\n",
    "a group of a stranger": KEYS + "group g any n x\nquorum g\n",
    "a group of itself": KEYS + "group g any g\nquorum g\n",
    "a group of none": KEYS + "group g any none\nquorum g\n",
    "a group without members": KEYS + "group g all\nquorum n\n",
    "a group asking for none": KEYS + "group g 0 n c\nquorum g\n",
    "a group asking for three of two": KEYS + "group g 3 n c\nquorum g\n",
    "a group asking for a lot": KEYS + f"group g {'9' * 5_000} n c\nquorum g\n",
    "a member of two groups": KEYS + "group g any n c\ngroup h any n\nquorum g\n",
    "a key id that does not fit": KEYS.replace("+", "+0", 1) + "quorum n\n",
}


@pytest.mark.parametrize("name", POLICIES)
def test_a_policy_that_breaks_its_form_vouches_for_nothing(broken: Verifier, name: str) -> None:
    text = POLICIES[name]

    assert broken(published(files={"policy": text.encode() if isinstance(text, str) else text}).zip()) == {
        "L1 0"
    }


QUORUMS = {
    "one witness": ("quorum n\n", {"n"}, True),
    "the other witness": ("quorum n\n", {"c"}, False),
    "any": ("group g any n c\nquorum g\n", {"c"}, True),
    "all": ("group g all n c\nquorum g\n", {"c"}, False),
    "all of all": ("group g all n c\nquorum g\n", {"c", "n"}, True),
    "two of three": ("group g 2 n c p\nquorum g\n", {"p", "n"}, True),
    "one of three": ("group g 2 n c p\nquorum g\n", {"p"}, False),
    "groups of groups": ("group g any n c\ngroup h all g p\nquorum h\n", {"p", "c"}, True),
    "half of groups of groups": ("group g any n c\ngroup h all g p\nquorum h\n", {"n", "c"}, False),
    "none": ("quorum none\n", set(), True),
    "space and tabs": (" \t\n  # x\n\tgroup \t g  any n c \nquorum\tg\n", {"n"}, True),
}


@pytest.mark.parametrize("name", QUORUMS)
def test_the_quorum_is_counted_as_the_policy_says(broken: Verifier, name: str) -> None:
    rule, signed, is_met = QUORUMS[name]
    known = {"n": NOTARY, "c": COLLEGE, "p": PROSECUTOR}
    said = (KEYS + f"witness p {vkey(PROSECUTOR)} https://p.example\n" + rule).encode()
    signers = (LOG, *(known[each] for each in sorted(signed)))

    told = broken.told(published(signers=signers, files={"policy": said}).zip())

    assert [row["rule"] for row in told["violations"]] == ([] if is_met else ["L4"])
    assert [row["rule"] for row in told["remarks"]] == (["L4"] if name == "none" else [])


def test_the_callers_policy_stands_in_place_of_the_zips(broken: Verifier) -> None:
    strict = policy("prosecutor")

    assert broken(GENUINE.zip(), policy=strict) == {"L4 0"}
    assert broken(GENUINE.zip(), policy=policy(log=OTHERS)) == {"L1 0"}


def test_a_key_of_a_type_not_known_counts_for_nothing_and_harms_nothing(broken: Verifier) -> None:
    later: Signer = ("later.example", 6, private("later"))
    said = KEYS + f"witness later {vkey(later)}\n"

    assert broken(published(files={"policy": (said + "quorum n\n").encode()}).zip()) == set()
    assert broken(published(files={"policy": (said + "quorum later\n").encode()}).zip()) == {"L4 0"}


def test_a_cosignature_of_the_year_292_billion_is_wrong(broken: Verifier) -> None:
    from tests.support.publishing import signature

    text = GENUINE.text()
    cosigned = signature(NOTARY, text, 2**63) + signature(COLLEGE, text)

    assert broken(published(files={"checkpoint": note(text, LOG) + cosigned.encode()}).zip()) == {
        "L1 0",
        "L4 0",
    }


PROOF = GENUINE.proof(7)
HEAD, _, NOTE = PROOF.partition(b"\n\n")
PROOFS = {
    "missing": None,
    "empty": b"",
    "of another leaf": GENUINE.proof(7, GENUINE.places[6] - 1),
    "without its last hash": HEAD.rpartition(b"\n")[0] + b"\n\n" + NOTE,
    "with a hash too many": PROOF.replace(b"\n\n", b"\n" + b"A" * 43 + b"=\n\n", 1),
    "with 65 hashes": PROOF.replace(b"\n\n", (b"\n" + b"A" * 43 + b"=") * 65 + b"\n\n", 1),
    "another title": PROOF.replace(b"@v1", b"@v2"),
    "no index": PROOF.replace(b"index", b"place"),
    "an index with a nought before it": PROOF.replace(b"index ", b"index 0"),
    "an index of 5,000 digits": PROOF.replace(b"index ", b"index " + b"9" * 5_000),
    "a hash that is none": PROOF.replace(b"=\n", b"\n", 1),
    "no checkpoint": HEAD + b"\n\n",
    "an older checkpoint": HEAD + b"\n\n" + GENUINE.checkpoint(20),
    "extra that is no base64": GENUINE.proof(7, extra="extra !\n"),
    "no UTF-8": PROOF.replace(b"index", b"\xff"),
}


@pytest.mark.parametrize("name", PROOFS)
def test_a_line_whose_proof_does_not_stand_is_named(broken: Verifier, name: str) -> None:
    assert broken(published(files={"proofs/7.tlog-proof": PROOFS[name]}).zip()) == {"L2 7"}


def test_a_proof_may_carry_extra_data_and_the_whole_cosigned_checkpoint(broken: Verifier) -> None:
    whole = HEAD + b"\n\n" + GENUINE.checkpoint()

    assert broken(published(files={"proofs/7.tlog-proof": whole}).zip()) == set()
    assert (
        broken(published(files={"proofs/7.tlog-proof": GENUINE.proof(7, extra="extra QUJD\n")}).zip())
        == set()
    )


def test_a_line_changed_under_the_log_no_longer_has_its_place(broken: Verifier) -> None:
    """What a superuser can do without the log's key: change, chain anew, and publish with the old proofs."""
    changed = sold().edit(8, amount=71_000_001)
    found = broken(zipped({**GENUINE.contents(), "record.jsonl": changed.data()}))

    assert {f"L2 {number}" for number in range(8, 15)} <= found
    assert not {f"L2 {number}" for number in range(1, 8)} & found


def test_proofs_of_each_others_lines_lead_nowhere_and_are_out_of_order(broken: Verifier) -> None:
    swapped = {"proofs/3.tlog-proof": GENUINE.proof(4), "proofs/4.tlog-proof": GENUINE.proof(3)}

    assert broken(published(files=swapped).zip()) == {"L2 3", "L2 4", "L3 4"}


def reordered() -> Publication:
    """Return a publication whose log holds lines 3 and 4 the other way round."""
    other = published()
    third, fourth = other.places[2], other.places[3]
    other.leaves[third], other.leaves[fourth] = other.leaves[fourth], other.leaves[third]
    other.places[2], other.places[3] = fourth, third
    other.tree = Tree(other.leaves)
    return other


def test_a_log_that_holds_the_lines_in_another_order_is_named(broken: Verifier) -> None:
    assert broken(reordered().zip()) == {"L3 4"}


@pytest.mark.parametrize("old", [1, 2, 7, 16, 29])
def test_an_older_checkpoint_of_the_same_tree_fits(broken: Verifier, old: int) -> None:
    kept, proof = GENUINE.checkpoint(old), GENUINE.consistency(old)

    assert broken(GENUINE.zip(), since=kept, growths=(proof,)) == set()
    assert broken(GENUINE.zip(), since=kept) == {"L5 0"}
    assert broken(GENUINE.zip(), since=kept, growths=(proof[45:] or b"A",)) == {"L5 0"}


def test_the_same_checkpoint_and_the_empty_tree_need_no_proof(broken: Verifier) -> None:
    for kept in (note(GENUINE.text(), LOG), note(GENUINE.text(0), LOG)):
        assert broken(GENUINE.zip(), since=kept) == set()


def test_a_newer_checkpoint_is_held_the_other_way_round(broken: Verifier) -> None:
    longer = replace(GENUINE, lines=[*GENUINE.lines, b"one more"])
    proof = longer.consistency(len(GENUINE.leaves))

    assert broken(GENUINE.zip(), since=longer.checkpoint(), growths=(proof,)) == set()


def test_a_forked_log_is_caught_by_whoever_kept_a_checkpoint(broken: Verifier) -> None:
    """The log's own key signs both: only what was kept elsewhere shows it."""
    fork = published(sold().edit(9, cid="another"))

    assert broken(fork.zip()) == set()
    assert broken(fork.zip(), since=GENUINE.checkpoint()) == {"L5 0"}
    assert broken(fork.zip(), since=GENUINE.checkpoint(18), growths=(fork.consistency(18),)) == set()
    assert broken(fork.zip(), since=GENUINE.checkpoint(19), growths=(fork.consistency(19),)) == {"L5 0"}


KEPT = {
    "no note": b"x",
    "of another log": note(GENUINE.text().replace("2026", "2025"), LOG),
    "by a stranger": note(GENUINE.text(), IMPOSTOR),
    "with a bent signature": bent(GENUINE.checkpoint(), 0),
}


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_checkpoint_that_is_not_the_logs_does_not_fit(broken: Verifier, name: str) -> None:
    assert broken(GENUINE.zip(), since=KEPT[name]) == {"L5 0"}
