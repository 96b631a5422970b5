"""Trees and notes against what others published: RFC 6962's tree of eight leaves, C2SP's and Go's notes."""

from __future__ import annotations

from itertools import pairwise

import pytest

import verify_record as verifier
from tests.support.publishing import LOG, NOTARY, Tree, b64, key_id, note, vkey
from tests.support.vectors import GO_CHECKPOINT, GO_DATABASE, LEAVES, ROOTS

PATHS = {
    (0, 8): """96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7
        5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e
        6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4""",
    (5, 8): """bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b
        ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0
        d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7""",
    (6, 7): """0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a
        d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7""",
    (2, 3): "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    (0, 1): "",
}
PROOFS = {
    (1, 8): PATHS[0, 8],
    (2, 5): """5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e
        bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b""",
    (3, 7): """0298d122906dcfc10892cb53a73992fc5b9f493ea4c9badb27b791b4127a7fe7
        07506a85fd9dd2f120eb694f86011e5bb4662e5c415a62917033d4a9624487e7
        fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125
        837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e""",
    (4, 7): "837dbb152e9b079010717e84e865da4ebc0fa198a806d59d31bf15accef22d0e",
    (6, 8): """0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a
        ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0
        d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7""",
    (7, 7): "",
}


def hashes(text: str) -> list[bytes]:
    return [bytes.fromhex(each) for each in text.split()]


def tree(size: int) -> verifier.Tree:
    return verifier.Tree(size, bytes.fromhex(ROOTS[size - 1]))


def test_the_builder_of_these_tests_makes_the_published_roots_and_proofs() -> None:
    built = Tree(LEAVES)

    assert [built.root(size).hex() for size in range(1, 9)] == ROOTS
    assert built.path(5) == hashes(PATHS[5, 8])
    assert all(built.consistency(*sizes) == hashes(proof) for sizes, proof in PROOFS.items())


@pytest.mark.parametrize(("index", "size"), PATHS)
def test_a_published_path_leads_to_the_published_root(index: int, size: int) -> None:
    leaf = verifier.leaf_hash(LEAVES[index])

    assert verifier.root_over(leaf, index, size, hashes(PATHS[index, size])) == tree(size).root


@pytest.mark.parametrize(("old", "new"), PROOFS)
def test_a_published_proof_shows_consistency_and_nothing_else_does(old: int, new: int) -> None:
    proof = hashes(PROOFS[old, new])
    bent = [bytes(32), *proof[1:]] if proof else [bytes(32)]

    assert verifier.is_consistent(tree(old), tree(new), proof)
    assert not verifier.is_consistent(tree(old), tree(new), bent)
    assert not verifier.is_consistent(tree(old), tree(new), [*proof, bytes(32)])
    assert not verifier.is_consistent(tree(old)._replace(root=bytes(32)), tree(new), proof)


@pytest.mark.parametrize("size", range(1, 34))
def test_every_leaf_of_every_small_tree_is_found_and_only_at_its_place(size: int) -> None:
    built = Tree([bytes([number]) for number in range(size)])
    for index in range(size):
        leaf, path = verifier.leaf_hash(bytes([index])), built.path(index)
        assert verifier.root_over(leaf, index, size, path) == built.root()
        if path:
            with pytest.raises(verifier.Malformed):
                verifier.root_over(leaf, index, size, path[:-1])


@pytest.mark.parametrize("new", range(1, 34))
def test_every_small_tree_is_consistent_with_every_smaller_one(new: int) -> None:
    built = Tree([bytes([number]) for number in range(new)])
    trees = [verifier.Tree(size, built.root(size)) for size in range(1, new + 1)]

    assert all(verifier.is_consistent(old, trees[-1], built.consistency(old.size, new)) for old in trees)
    assert not any(verifier.is_consistent(old, trees[-1], []) for old, _ in pairwise(trees))


@pytest.mark.parametrize(("index", "size"), [(1, 1), (8, 8), (-1, 3), (0, 0), (9**15, 9)])
def test_an_index_outside_the_tree_leads_nowhere(index: int, size: int) -> None:
    with pytest.raises(verifier.Malformed):
        verifier.root_over(bytes(32), index, size, [])


# The example of golang.org/x/mod/sumdb/note, of which C2SP made its text; C2SP publishes no key of its own.
PETER = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
TEXT = "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n"
MADE = "x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM="
LINE = f"— PeterNeumann {MADE}\n"
COSIGNED = """example.com/behind-the-sofa
20852163
CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=

— example.com/behind-the-sofa Az3grlgtzPICa5OS8npVmf1Myq/5IZniMp+ZJurmRDeOoRDe4URYN7u5/Zhcyv2q1gGzGku9nTo+zyWE+xeMcTOAYQ8=
— witness.example.com/w1 jWbPPwAAAABkGFDLEZMHwSRaJNiIDoe9DYn/zXcrtPHeolMI5OWXEhZCB9dlrDJsX3b2oyin1nPZqhf5nNo0xUe+mbIUBkBIfZ+qnA==
"""  # noqa: E501


def test_the_published_note_is_verified_by_the_published_key() -> None:
    text, ((name, ident, raw),) = verifier.signed_note((TEXT + "\n" + LINE).encode())
    key = verifier.key_from(PETER)

    assert (name, ident.hex()) == ("PeterNeumann", "c74f20a3") == (key.name, key.ident.hex())
    assert key.made(raw, text)
    assert not key.made(raw, text + "\n")


def test_the_checkpoint_of_c2sp_s_example_is_verified_by_its_log_s_published_key() -> None:
    text, ((name, ident, raw),) = verifier.signed_note(GO_CHECKPOINT.encode())
    key = verifier.key_from(GO_DATABASE)

    assert (name, ident) == (key.name, key.ident)
    assert key.made(raw, text)
    assert not key.made(raw, text.replace("20852163", "20852164"))
    assert b64(ident + raw) in COSIGNED


def test_c2sp_s_cosigned_checkpoint_is_read() -> None:
    read = verifier.checkpoint_from(COSIGNED.encode())

    assert (read.origin, read.tree.size) == ("example.com/behind-the-sofa", 20_852_163)
    assert b64(read.tree.root) == "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="
    assert int.from_bytes(read.signatures[1][2][:8], "big") == 1_679_315_147
    assert [len(raw) for _, _, raw in read.signatures] == [64, 72]


BAD_NOTES = {
    "no signature": TEXT,
    "nothing below the empty line": TEXT + "\n",
    "no newline at its end": TEXT + "\n" + LINE[:-1],
    "a control character": "\x01" + TEXT + "\n" + LINE,
    "a tab": TEXT + "\t\n\n" + LINE,
    "a name with a space": TEXT + "\n" + LINE.replace("PeterNeumann", "Peter Neumann"),
    "a name with a plus": TEXT + "\n" + LINE.replace("PeterNeumann", "Peter+Neumann"),
    "a no-break space in the name": TEXT + "\n" + LINE.replace("PeterNeumann", "Peter\u00a0Neumann"),
    "a hyphen for the dash": TEXT + "\n" + LINE.replace("—", "-"),
    "a line that is none": TEXT + "\n" + LINE + "else\n",
    "base64 without padding": TEXT + "\n" + LINE.replace("=", ""),
    "base64 with stray bits": TEXT + "\n" + LINE.replace("JnAM=", "JnAN="),
    "a signature of no bytes": TEXT + "\n— PeterNeumann x08gow==\n",
    "101 signatures": TEXT + "\n" + LINE * 101,
}


@pytest.mark.parametrize("name", BAD_NOTES)
def test_what_is_no_signed_note_is_refused(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        verifier.signed_note(BAD_NOTES[name].encode())


def test_a_hundred_signatures_and_empty_lines_in_the_text_are_read() -> None:
    text, lines = verifier.signed_note(("a\n\nb\n" + "\n" + LINE * 100).encode())

    assert (text, len(lines)) == ("a\n\nb\n", 100)


BAD_KEYS = [
    "",
    "a",
    "a+b",
    PETER[1:],
    PETER[:-1],
    PETER.replace("c7", "c8"),
    PETER + "ABCD",
    PETER.replace("+", "", 1),
]


@pytest.mark.parametrize("text", BAD_KEYS)
def test_a_key_whose_parts_do_not_fit_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        verifier.key_from(text)


def test_the_keys_of_these_tests_are_read_and_sign() -> None:
    for signer in (LOG, NOTARY):
        key = verifier.key_from(vkey(signer))
        text, ((_, ident, raw),) = verifier.signed_note(note("a\nb\n", signer))

        assert key.ident == key_id(signer) == ident
        assert key.made(raw, text)
        assert not key.made(raw[:-1], text)
