"""PostgreSQL's pipeline: answers in order, and an error leaves a connection that can be used again."""

from __future__ import annotations

from collections.abc import Iterator

import psycopg
import pytest

from auction.engine.pipeline import Pipeline


@pytest.fixture
def line(postgresql_url: str) -> Iterator[psycopg.Connection]:
    with psycopg.connect(postgresql_url, autocommit=True) as connection:
        connection.execute("CREATE TEMP TABLE parent (id int PRIMARY KEY)")
        connection.execute("CREATE TEMP TABLE child (id int REFERENCES parent DEFERRABLE INITIALLY DEFERRED)")
        yield connection


def sent(pipeline: Pipeline, *statements: str, finished: bool) -> None:
    with pipeline.open():
        for statement in statements:
            pipeline.send(statement)
        if finished:
            pipeline.finish()


def sent_in_vain(pipeline: Pipeline) -> None:
    with pipeline.open():
        pipeline.send("SELECT 1")
        raise KeyError


def test_answers_come_in_order_whoever_is_asked_first(line: psycopg.Connection) -> None:
    pipeline = Pipeline(line)

    with pipeline.open():
        first = pipeline.send("SELECT 1 WHERE %s = 'a'", "a")
        second = pipeline.send("SELECT g FROM generate_series(1, 3) g")
        assert second() == [(1,), (2,), (3,)]
        assert first() == [(1,)]


@pytest.mark.parametrize(
    "statements",
    [("SELECT 1 / 0", "SELECT 2"), ("BEGIN", "INSERT INTO child VALUES (7)", "COMMIT"), ("no SQL",)],
)
@pytest.mark.parametrize("finished", [True, False])
def test_after_an_error_the_connection_can_be_used(
    line: psycopg.Connection, statements: tuple[str, ...], finished: bool
) -> None:
    pipeline = Pipeline(line)

    with pytest.raises(psycopg.Error):
        sent(pipeline, *statements, finished=finished)

    line.rollback()
    with pipeline.open():
        assert pipeline.send("SELECT count(*) FROM child")() == [(0,)]


def test_an_error_in_the_caller_leaves_nothing_unread(line: psycopg.Connection) -> None:
    with pytest.raises(KeyError):
        sent_in_vain(Pipeline(line))

    assert line.execute("SELECT 2").fetchall() == [(2,)]
