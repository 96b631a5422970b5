"""Every public rule names its article, and every ground of refusal carries one."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Callable, Iterator
from types import ModuleType

import pytest

from auction.rules import grounds
from auction.rules.law import Article, cited, online_auction

# Modules of law: what they decide about people is decided by an article. Others (money, case numbers,
# geometry, law itself) compute, and answer to a standard named in their docstring instead.
OF_LAW = {
    "auction.rules": {
        "announcement",
        "bidding",
        "deposit",
        "eligibility",
        "fairness",
        "lifecycle",
        "terms",
        "window",
    },
    "enforcement.rules": {
        "case",
        "panel",
        "price",
        "notice",
        "deadlines",
        "distribution",
        "fees",
        "interest",
        "deadlines_after_sale",
        "release",
    },
}


def modules_of_law() -> Iterator[ModuleType]:
    """Yield every module of rules that decides about people."""
    for package, names in OF_LAW.items():
        found = {one.name for one in pkgutil.iter_modules(importlib.import_module(package).__path__)}
        assert names <= found, names - found
        yield from (importlib.import_module(f"{package}.{name}") for name in sorted(names))


def public_rules() -> Iterator[tuple[str, Callable[..., object]]]:
    """Yield every public function defined in a module of law, by its dotted name."""
    for module in modules_of_law():
        for name, rule in inspect.getmembers(module, inspect.isfunction):
            if rule.__module__ == module.__name__ and not name.startswith("_"):
                yield f"{module.__name__}.{name}", rule


@pytest.mark.parametrize(
    ("name", "rule"), list(public_rules()), ids=lambda value: value if isinstance(value, str) else ""
)
def test_a_public_rule_names_its_article(name: str, rule: Callable[..., object]) -> None:
    assert cited(rule), f"{name} cites no article"


@pytest.mark.parametrize("ground", list(grounds.Ground), ids=lambda ground: ground.code)
def test_a_ground_carries_its_article(ground: grounds.Ground) -> None:
    assert isinstance(ground.article, Article)
    assert str(ground.article).endswith(("条", "款", "项"))


def test_no_two_grounds_share_a_code() -> None:
    codes = [ground.code for ground in grounds.Ground]

    assert len(codes) == len(set(codes))


def test_an_article_is_written_as_courts_write_it() -> None:
    assert str(online_auction(20, 2)) == "法释〔2016〕18号第20条第2款"
