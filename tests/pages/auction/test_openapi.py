"""The description of the public interfaces says what there is: no more, and no less."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver, resolve

from auction.models import RoundState
from auction.models.lot import Category
from auction.models.round import RoundKind
from auction.rules.fairness import Cause
from auction.services import conflicts
from auction.views.open_data import DESCRIPTION

SAID: dict[str, Any] = json.loads(DESCRIPTION.read_text(encoding="utf-8"))
ONE = {"index": "000"}  # for a path's parameter; 1 for any other
DATA = re.compile(r"\.(?:jsonl?|zip|tlog-proof)$|^log/|/bids$|^health$")
ELSEWHERE = re.compile(r"^(?:officer|accounts|language)/")


def example(path: str) -> str:
    """Return an address of a described path."""
    return re.sub(r"{(\w+)}", lambda match: ONE.get(match[1], "1"), path)


def routes(patterns: list[Any] | None = None, prefix: str = "") -> Iterator[str]:
    """Yield every route of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route


def references(value: Any) -> Iterator[str]:
    """Yield every reference in the description."""
    if isinstance(value, dict):
        yield from ([value["$ref"]] if "$ref" in value else [])
        yield from (found for each in value.values() for found in references(each))
    elif isinstance(value, list):
        yield from (found for each in value for found in references(each))


def test_every_path_that_is_described_is_there_and_every_public_one_is_described() -> None:
    described = {resolve(example(path)).route for path in SAID["paths"]}
    public = {route for route in routes() if DATA.search(route) and not ELSEWHERE.match(route)}

    assert described == public


def test_every_reference_leads_to_a_part_and_every_part_is_referred_to() -> None:
    parts = {
        f"#/components/{kind}/{name}"
        for kind, found in SAID["components"].items()
        for name in found
        if kind != "securitySchemes"
    }

    assert set(references(SAID)) == parts


@pytest.mark.parametrize(
    ("name", "known"),
    [("State", RoundState), ("RoundKind", RoundKind)],
)
def test_it_knows_every_value(name: str, known: Any) -> None:
    assert set(SAID["components"]["schemas"][name]["enum"]) == set(known.values)


def test_it_knows_every_kind_of_lot_and_every_cause() -> None:
    schemas = SAID["components"]["schemas"]
    cause = schemas["Incidents"]["properties"]["incidents"]["items"]["properties"]["cause"]

    assert set(schemas["Lot"]["properties"]["kind"]["enum"]) == set(Category.values)
    assert set(cause["enum"]) == {cause.code for cause in Cause} | {conflicts.CAUSE}


def test_it_is_served_to_everybody(client: Client) -> None:
    answer = client.get("/openapi.json")

    assert answer.json() == SAID
    assert answer["Access-Control-Allow-Origin"] == "*"
    assert client.get("/openapi.json", headers={"If-None-Match": answer["ETag"]}).status_code == 304


@pytest.mark.parametrize("path", [path for path, has in SAID["paths"].items() if "get" in has])
def test_what_is_only_read_says_so_to_whoever_writes(path: str) -> None:
    answer = Client(enforce_csrf_checks=True).post(example(path))

    assert (answer.status_code, answer["Allow"]) == (405, "GET, HEAD")
