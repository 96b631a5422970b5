"""The tree of the log against the vectors of RFC 6962 and against its own definition, written out."""

from __future__ import annotations

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from auction.log import tree
from tests.support.vectors import LEAVES, ROOTS

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


@pytest.mark.parametrize("size", [1, 2, 3, 7, 8, 100, 257])
def test_another_library_says_the_same(size: int) -> None:
    """pymerkle is no package of ours: it is asked where somebody has installed it."""
    pymerkle = pytest.importorskip("pymerkle")
    other, leaves = pymerkle.InmemoryTree(algorithm="sha256"), some(size)
    for leaf in leaves:
        other.append_entry(leaf)

    assert other.get_root(size) == tree.root(size, kept(leaves))
    for index in range(size):
        path = other.prove_inclusion(index + 1, size).path
        assert [*path[1:]] == tree.inclusion(index, size, kept(leaves))
