"""The tree of the log against the vectors of RFC 6962 and against its own definition, written out."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.log import tree

# The eight inputs and roots that Certificate Transparency's implementations are tested with.
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
SIZES = st.integers(1, 200)


def defined(leaves: list[bytes]) -> bytes:
    """Return the root as §2.1 defines it."""
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return tree.leaf_hash(leaves[0])
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return tree.node_hash(defined(leaves[:split]), defined(leaves[split:]))


def kept(leaves: list[bytes]) -> tree.Read:
    """Return whole subtrees of these leaves."""
    return lambda height, place: defined(leaves[place << height : place + 1 << height])


def some(count: int) -> list[bytes]:
    return [b"%d" % number for number in range(count)]


@pytest.mark.parametrize("size", range(1, 9))
def test_the_roots_are_those_of_certificate_transparency(size: int) -> None:
    assert tree.root(size, kept(LEAVES)).hex() == ROOTS[size - 1]


def test_an_empty_tree_has_the_hash_of_nothing() -> None:
    assert tree.root(0, kept([])) == hashlib.sha256().digest()


@given(SIZES, st.data())
def test_every_leaf_proves_itself(size: int, data: st.DataObject) -> None:
    leaves, index = some(size), data.draw(st.integers(0, size - 1))
    path = tree.inclusion(index, size, kept(leaves))

    assert tree.root_by_inclusion(tree.leaf_hash(leaves[index]), index, size, path) == defined(leaves)


@given(SIZES, st.data())
def test_a_path_shows_nothing_of_another_place(size: int, data: st.DataObject) -> None:
    leaves, index = some(size), data.draw(st.integers(0, size - 1))
    path, leaf = tree.inclusion(index, size, kept(leaves)), tree.leaf_hash(leaves[index])
    other = data.draw(st.integers(0, size + 3).filter(lambda place: place != index))

    assert _root_or_none(leaf, other, size, path) != defined(leaves)
    assert _root_or_none(leaf, index, size, [*path, leaf]) is None
    assert not path or _root_or_none(leaf, index, size, path[1:]) != defined(leaves)


@given(SIZES, st.data())
def test_a_tree_proves_that_it_only_grew(size: int, data: st.DataObject) -> None:
    leaves, old = some(size), data.draw(st.integers(0, size))
    proof = tree.consistency(old, size, kept(leaves))

    tree.check_consistency(old, defined(leaves[:old]), size, defined(leaves), proof)


@given(st.integers(2, 200), st.data())
def test_a_changed_past_has_no_proof(size: int, data: st.DataObject) -> None:
    leaves, old = some(size), data.draw(st.integers(1, size - 1))
    forged = [b"forged", *leaves[1:]]
    proof = tree.consistency(old, size, kept(forged))

    with pytest.raises(tree.NotConsistent):
        tree.check_consistency(old, defined(leaves[:old]), size, defined(forged), proof)
    with pytest.raises(tree.NotConsistent):
        tree.check_consistency(old, defined(forged[:old]), size, defined(forged), [*proof, b"x" * 32])


@pytest.mark.parametrize(("index", "size"), [(0, 0), (1, 1), (-1, 3)])
def test_there_is_no_path_of_no_leaf(index: int, size: int) -> None:
    with pytest.raises(IndexError):
        tree.inclusion(index, size, kept(some(size)))


def _root_or_none(leaf: bytes, index: int, size: int, path: list[bytes]) -> bytes | None:
    try:
        return tree.root_by_inclusion(leaf, index, size, path)
    except tree.NotConsistent:
        return None
