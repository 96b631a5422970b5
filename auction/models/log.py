"""The transparency log in the database: which leaf has which place, and what was signed of it."""

from __future__ import annotations

from django.db import models


class Log(models.Model):
    """One log of this installation: how far it has grown, and how far that is signed and published.

    `origin` is its name; `vkey` is the key whose line it carries; `size` leaves are in it, of which the first
    `signed_size` are under `checkpoint`, a signed note with the cosignatures of witnesses; `witnessed` is the
    last whose cosignatures suffice. A frozen log grows no further (`frozen` says why): a broken one is
    succeeded, never repaired.
    """

    origin = models.CharField(max_length=200, unique=True)
    vkey = models.CharField(max_length=300)
    started_at = models.DateTimeField()
    size = models.BigIntegerField(default=0)
    signed_size = models.BigIntegerField(default=0)
    signed_at = models.DateTimeField(null=True)
    checkpoint = models.TextField(blank=True)
    witnessed = models.TextField(blank=True)
    witnessed_size = models.BigIntegerField(default=0)
    frozen = models.TextField(blank=True)

    def __str__(self) -> str:
        return self.origin


class Logged(models.Model):
    """The place of one leaf in a log, from 0 up; never changed, as no tree forgets.

    The leaf is an entry of a round's record, or a statement of the log's own: the first of one that succeeds
    another says why.
    """

    # The unique constraints' indexes serve the key.
    log = models.ForeignKey(Log, models.PROTECT, related_name="leaves", db_index=False)
    index = models.BigIntegerField()
    event = models.ForeignKey(
        "auction.Event", models.PROTECT, null=True, related_name="logged", db_index=False
    )
    statement = models.TextField(blank=True)

    class Meta:
        ordering = ["log", "index"]
        constraints = [
            models.UniqueConstraint(fields=["log", "index"], name="one_leaf_an_index"),
            models.UniqueConstraint(fields=["event", "log"], name="one_index_a_leaf"),
        ]


class LoggedRound(models.Model):
    """How far the record of a round is in a log, so that what is not is found without a search."""

    log = models.ForeignKey(Log, models.PROTECT, related_name="rounds", db_index=False)
    round = models.ForeignKey("auction.Round", models.PROTECT, related_name="logged")
    seq = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "round"], name="one_reach_a_round")]


class Conflict(models.Model):
    """That a witness refuses a log: it has cosigned `cosigned` leaves, with which the `shown` do not begin.

    Never changed; that it goes on again ends the incident.
    """

    incident = models.ForeignKey("auction.Incident", models.PROTECT, related_name="conflicts")
    log = models.ForeignKey(Log, models.PROTECT, related_name="conflicts")
    witness = models.CharField(max_length=200)
    cosigned = models.BigIntegerField()
    shown = models.BigIntegerField()


class Witnessed(models.Model):
    """How far a witness has cosigned a log: its first `size` leaves, the last time `at`.

    `refused_size` is set as long as it refuses to go on, since the log it is shown has another beginning.
    """

    log = models.ForeignKey(Log, models.PROTECT, related_name="witnesses", db_index=False)
    vkey = models.CharField(max_length=300)
    size = models.BigIntegerField(default=0)
    at = models.DateTimeField(null=True)
    refused_size = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["log", "vkey"], name="one_reach_a_witness")]
