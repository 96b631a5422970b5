"""What is known of whether bidders could reach the platform, and what was done if not (art. 28)."""

from __future__ import annotations

from django.db import models


class Process(models.Model):
    """A web process: it beats each second; one that stopped as it should has an end.

    `dead_at` is when one that did not was first seen to be dead.
    """

    host = models.CharField(max_length=120)
    pid = models.PositiveIntegerField()
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)


class Stall(models.Model):
    """A time in which a web process did nothing; what came to it meanwhile was read late."""

    process = models.ForeignKey(Process, models.CASCADE, related_name="stalls")
    from_at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)


class ClockOffset(models.Model):
    """By how much the platform's clock was ahead of that of a process's own machine, in microseconds.

    `slack_us` is by how much that may be wrong. Each minute, and when it has moved.
    """

    process = models.ForeignKey(Process, models.PROTECT, related_name="clock_offsets")
    at = models.DateTimeField()
    ahead_us = models.BigIntegerField()
    slack_us = models.BigIntegerField()

    class Meta:
        indexes = [models.Index(fields=["at"], name="clock_offset_at")]


class Uptime(models.Model):
    """A time in which the public address answered whenever it was asked; between two of them it did not."""

    from_at = models.DateTimeField()
    until_at = models.DateTimeField(db_index=True)


class Incident(models.Model):
    """An entry of the public ledger of outages: its cause (`auction.rules.fairness.Cause`) and beginning.

    The cause `conflict` is no outage, but a witness that refuses to go on with the log.

    Never changed; that it has ended is a row of its own.
    """

    cause = models.CharField(max_length=12)
    from_at = models.DateTimeField(db_index=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["cause", "from_at"], name="one_incident_a_beginning")]


class IncidentEnd(models.Model):
    """That an outage has ended, and when; never changed."""

    incident = models.OneToOneField(Incident, models.PROTECT, related_name="end")
    until_at = models.DateTimeField()
    at = models.DateTimeField()


class Pause(models.Model):
    """One suspension of a round, by the platform over an incident or by the court for a reason.

    `from_at` is from when time is given back: the beginning of the outage, or the court's decision;
    `until_at` and the end after it are set when the bidding goes on.
    """

    round = models.ForeignKey("auction.Round", models.PROTECT, related_name="pauses")
    incident = models.ForeignKey(Incident, models.PROTECT, null=True, related_name="pauses")
    reason = models.CharField(max_length=500)
    from_at = models.DateTimeField()
    at = models.DateTimeField()
    until_at = models.DateTimeField(null=True)
    end_before = models.DateTimeField()
    end_after = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["round"], condition=models.Q(until_at__isnull=True), name="one_open_pause_a_round"
            )
        ]
