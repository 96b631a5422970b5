"""The log as files: the paths of the specification, and any tree read back from tiles grown in any steps."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given, settings
from hypothesis import strategies as st

from auction.log import note, tiles, tree
from auction.log.checkpoint import Checkpoint
from auction.log.note import Note
from auction.log.tiles import Tiles

KEY = Ed25519PrivateKey.from_private_bytes(bytes(32))


def leaves(count: int) -> list[bytes]:
    return [b"leaf %d" % number for number in range(count)]


def grown(folder: Path, *sizes: int) -> Tiles:
    """Return tiles that grew through these sizes."""
    made, old, every = Tiles(folder), 0, leaves(max(sizes))
    for size in sizes:
        start = old - old % tiles.WIDTH
        made.grow(start, every[start:size])
        old = size
    return made


def in_memory(count: int) -> tree.Read:
    rows = [[tree.leaf_hash(leaf) for leaf in leaves(count)]]
    while len(rows[-1]) > 1:
        row = rows[-1]
        rows.append([tree.node_hash(*row[at : at + 2]) for at in range(0, len(row) - 1, 2)])
    return lambda height, place: rows[height][place]


@pytest.mark.parametrize(
    ("kind", "place", "width", "expected"),
    [
        (0, 0, 256, "tile/0/000"),
        (1, 1_234_067, 256, "tile/1/x001/x234/067"),
        (0, 273, 112, "tile/0/273.p/112"),
        ("entries", 1000, 1, "tile/entries/x001/000.p/1"),
    ],
)
def test_a_path_is_the_specifications(kind: int | str, place: int, width: int, expected: str) -> None:
    assert tiles.path(kind, place, width) == expected


def test_a_tree_of_70000_leaves_has_the_tiles_of_the_specification(tmp_path: Path) -> None:
    grown(tmp_path, 70_000)

    assert len(list((tmp_path / "tile/0").glob("[0-9][0-9][0-9]"))) == 273
    sizes = {name: (tmp_path / name).stat().st_size // 32 for name in (
        "tile/0/273.p/112", "tile/1/000", "tile/1/001.p/17", "tile/2/000.p/1")}  # fmt: skip
    assert sizes == {"tile/0/273.p/112": 112, "tile/1/000": 256, "tile/1/001.p/17": 17, "tile/2/000.p/1": 1}


@settings(max_examples=25, deadline=None)
@given(st.sets(st.integers(1, 1400), min_size=1, max_size=6))
def test_what_grew_in_steps_is_what_grew_at_once(steps: set[int]) -> None:
    sizes = sorted(steps)
    with TemporaryDirectory() as folder:
        made = grown(Path(folder), *sizes)
        for size in sizes:
            assert tree.root(size, made.read(size)) == tree.root(size, in_memory(size))
        old, new = sizes[0], sizes[-1]
        assert tree.consistency(old, new, made.read(new)) == tree.consistency(old, new, in_memory(new))
        assert tree.inclusion(old - 1, new, made.read(new)) == tree.inclusion(old - 1, new, in_memory(new))


def test_leaves_come_back_from_their_bundle(tmp_path: Path) -> None:
    grown(tmp_path, 300)

    data = (tmp_path / "tile/entries/000").read_bytes() + (tmp_path / "tile/entries/001.p/44").read_bytes()
    assert list(tiles.unbundled(data)) == leaves(300)
    with pytest.raises(ValueError, match="short"):
        list(tiles.unbundled(data[:-1]))


def test_a_leaf_that_is_too_long_has_no_bundle() -> None:
    with pytest.raises(OverflowError):
        tiles.bundle([b"x" * 65_536])


def a_checkpoint(size: int) -> str:
    """Return a signed checkpoint of so many leaves; nobody looks at its root here."""
    text = str(Checkpoint("log.example", size, tree.EMPTY))
    return str(Note(text, (note.sign(text, "log.example", KEY),)))


def test_a_checkpoint_takes_the_place_of_the_last_but_of_no_larger(tmp_path: Path) -> None:
    made = Tiles(tmp_path)

    assert made.checkpoint() == ""
    for size in (1, 12, 9):
        made.publish(a_checkpoint(size))
    assert made.checkpoint() == a_checkpoint(12)
    assert [each.name for each in tmp_path.iterdir()] == ["checkpoint"]


def test_who_stood_still_while_another_published_puts_nothing_older_there(tmp_path: Path) -> None:
    made = Tiles(tmp_path)
    made.publish(a_checkpoint(1))

    with ThreadPoolExecutor(1) as pool:
        with made._alone():
            older = pool.submit(Tiles(tmp_path).publish, a_checkpoint(2))
            with pytest.raises(TimeoutError):
                older.result(0.5)
            made._write(tiles.LATEST, a_checkpoint(3).encode())
        older.result(10)
    assert made.checkpoint() == a_checkpoint(3)
