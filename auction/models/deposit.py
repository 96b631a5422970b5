"""Deposits, balances and the ledger that is the truth about money."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class DepositState(models.TextChoices):
    """due → held → released (art. 23) · applied (arts. 23, 25) · forfeited (art. 24); or lapsed."""

    DUE = "due", _("Due")
    HELD = "held", _("Held")
    RELEASED = "released", _("Released")
    APPLIED = "applied", _("Applied to the price")
    FORFEITED = "forfeited", _("Forfeited")
    LAPSED = "lapsed", _("Lapsed")


class Rail(models.TextChoices):
    """How the money comes: a card hold, a charge to refund, a bank transfer, or none (art. 17¶2)."""

    HOLD = "stripe_hold", _("Card authorisation")
    CHARGE = "stripe_charge", _("Card payment")
    BANK = "bank", _("Bank transfer")
    EXEMPT = "exempt", _("Exempt")


class Deposit(models.Model):
    """What one bidder owes before taking part, and where it is; the row is the clerk's queue.

    `session` and `payment` name the provider's page and payment; `asked` counts the pages opened; `retry_at`
    is when the clerk looks again; `release_by` is set when the bidding ends, `late` if that day passes.
    """

    bidder = models.OneToOneField("auction.Bidder", models.PROTECT, related_name="deposit")
    amount_fen = models.BigIntegerField()
    state = models.CharField(max_length=10, choices=DepositState.choices, default=DepositState.DUE)
    rail = models.CharField(max_length=14, choices=Rail.choices, default=Rail.CHARGE)
    session = models.CharField(max_length=120, blank=True)
    payment = models.CharField(max_length=120, blank=True)
    capture_before = models.DateTimeField(null=True)
    remittance_code = models.CharField(max_length=16, blank=True, db_index=True)
    received_fen = models.BigIntegerField(default=0)
    held_at = models.DateTimeField(null=True)
    release_by = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    late = models.BooleanField(default=False)
    asked = models.PositiveSmallIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["state", "retry_at"], name="deposit_due")]
        constraints = [
            models.CheckConstraint(condition=models.Q(amount_fen__gte=0), name="deposit_not_negative"),
            models.CheckConstraint(
                condition=models.Q(state__in=DepositState.values), name="deposit_state_known"
            ),
        ]


class Balance(models.Model):
    """What the purchaser still owes after his deposit, by when, and what has come (art. 25)."""

    class State(models.TextChoices):
        """due → paid; default is a decision of the court on the round."""

        DUE = "due", _("Due")
        PAID = "paid", _("Paid")

    round = models.OneToOneField("auction.Round", models.PROTECT, related_name="balance")
    bidder = models.ForeignKey("auction.Bidder", models.PROTECT, related_name="+")
    amount_fen = models.BigIntegerField()
    received_fen = models.BigIntegerField(default=0)
    due_on = models.DateField()
    remittance_code = models.CharField(max_length=16, unique=True)
    session = models.CharField(max_length=120, blank=True)
    payment = models.CharField(max_length=120, blank=True)
    asked = models.PositiveSmallIntegerField(default=0)
    retry_at = models.DateTimeField(null=True)
    state = models.CharField(max_length=4, choices=State.choices, default=State.DUE)
    paid_at = models.DateTimeField(null=True)


class Transfer(models.Model):
    """One balanced movement of money; `key` makes the same cause book once. Never changed."""

    key = models.CharField(max_length=120, unique=True)
    memo = models.CharField(max_length=200)
    at = models.DateTimeField()


class Posting(models.Model):
    """One side of a transfer: fen on an account, positive in, negative out; a transfer sums to zero.

    What the court owes to somebody is positive: `pending:12`, `deposits:round:3`, `price:round:3`,
    `case:(2021)京0105执1234号`, `suspense`. Where the money lies mirrors it, negative: `hold:stripe`,
    `clearing:stripe`, `bank:court`.
    """

    transfer = models.ForeignKey(Transfer, models.PROTECT, related_name="postings")
    account = models.CharField(max_length=80, db_index=True)
    fen = models.BigIntegerField()


class Delivery(models.Model):
    """One webhook delivery, kept once per provider event id; a cue, never the truth."""

    event_id = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=60)
    subject = models.CharField(max_length=120)
    received_at = models.DateTimeField()
    handled_at = models.DateTimeField(null=True)


class PaymentOrder(models.Model):
    """Money the court's bank is to send to the account it came from; a debit on a statement confirms it."""

    class State(models.TextChoices):
        """ordered → paid."""

        ORDERED = "ordered", _("Ordered")
        PAID = "paid", _("Paid")

    cause = models.CharField(max_length=60, unique=True)
    code = models.CharField(max_length=16, unique=True)
    fen = models.BigIntegerField()
    sealed_payee = models.BinaryField()
    state = models.CharField(max_length=8, choices=State.choices, default=State.ORDERED)
    at = models.DateTimeField()
    paid_at = models.DateTimeField(null=True)


class StatementLine(models.Model):
    """One line of the court account's bank statement; idempotent on account and bank reference.

    Positive fen came in, negative went out; `code` is the remittance code found in the remark; payer and
    remark are sealed; `why` says what keeps a line in suspense.
    """

    class State(models.TextChoices):
        """matched by remittance code, or in suspense for two people to decide."""

        MATCHED = "matched", _("Matched")
        SUSPENSE = "suspense", _("In suspense")

    account = models.CharField(max_length=40)
    reference = models.CharField(max_length=60)
    booked_on = models.DateField()
    fen = models.BigIntegerField()
    code = models.CharField(max_length=16, blank=True, db_index=True)
    sealed_payer = models.BinaryField(default=bytes)
    state = models.CharField(max_length=8, choices=State.choices)
    why = models.CharField(max_length=40, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["account", "reference"], name="one_line_a_reference"),
        ]
