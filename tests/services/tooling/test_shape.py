"""The shape budget counts code, and neither words about it nor gaps in it."""

from __future__ import annotations

from pathlib import Path

import pytest
import shape

SOURCE = '''"""A module."""


def act(
    lot: int,
) -> int:
    """Do it.

    At length.
    """
    # why
    total = lot

    return total
'''


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return an empty house the budget is held against."""
    monkeypatch.setattr(shape, "ROOT", tmp_path)
    (tmp_path / "auction").mkdir()
    (tmp_path / "static" / "css").mkdir(parents=True)
    return tmp_path


def test_docstrings_comments_and_gaps_do_not_count(house: Path) -> None:
    (house / "auction" / "act.py").write_text(SOURCE)

    [(whole, body)] = shape.functions(house / "auction" / "act.py")

    assert (whole.lines, body.lines) == (5, 2)


def test_a_function_over_the_budget_is_named(house: Path) -> None:
    (house / "auction" / "long.py").write_text("def long():\n" + "    x = 1\n" * 40)

    assert "auction/long.py:1 long: 41 lines, a function has at most 40" in list(shape.code_faults())


def test_a_file_over_the_budget_is_named(house: Path) -> None:
    (house / "auction" / "big.py").write_text("x = 1\n" * 301)

    assert "auction/big.py: 301 lines, a file has at most 300" in list(shape.code_faults())


@pytest.mark.parametrize("rule", ["margin-left: 0", "color: #fff", "left: 0", "color: red !important"])
def test_physical_sides_loose_colours_and_shouting_are_faults(house: Path, rule: str) -> None:
    (house / "static" / "css" / "pages.css").write_text(f".lot {{ {rule}; }}\n")

    assert len(list(shape.style_faults())) == 1


def test_logical_sides_and_tokens_are_no_fault(house: Path) -> None:
    (house / "static" / "css" / "tokens.css").write_text(":root { --ink: #111; }\n")
    (house / "static" / "css" / "pages.css").write_text(".lot { margin-inline: 0; color: var(--ink); }\n")

    assert not list(shape.style_faults())
