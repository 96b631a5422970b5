"""What officers fill in after a sale."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext_lazy as _

from auction.forms.lots import MoneyField
from enforcement.models import Claim, Cost, Distribution
from enforcement.queries.dues import Plan
from enforcement.rules.distribution import Among
from enforcement.services.cost import Spent
from enforcement.services.distribution_serve import PlanService
from enforcement.services.handover import Handover
from enforcement.services.interest_charge import Delay
from enforcement.services.ruling_serve import Service


def day_field(label: Any, help_text: Any = "") -> forms.DateField:
    """Return a field for a day, with the browser's own picker."""
    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    return forms.DateField(label=label, help_text=help_text, widget=widget)


class ClaimField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not subscriptable at run time
    """A choice among claims."""

    def label_from_instance(self, obj: Claim) -> str:
        """Return creditor, kind and what is left."""
        return claim_label(obj)


class DatedForm(forms.Form):
    """A form about something that happened on a day: not in the future, and not before what it follows."""

    def __init__(self, *args: Any, today: date, earliest: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields.get("on")
        if field is None:
            return
        field.initial = self.first_shown(today)
        field.validators.append(MaxValueValidator(today, _("This day has not come yet.")))
        if earliest:
            message = _("This day lies before the step it follows.")
            field.validators.append(MinValueValidator(earliest, message))

    def first_shown(self, today: date) -> date | None:
        """Return the day the field shows at first."""
        return today


class StatementForm(forms.Form):
    """A bank statement of the court's account."""

    file = forms.FileField(
        label=_("Bank statement (CSV)"),
        help_text=_("As the bank gives it out, UTF-8 or GB18030. A line counts once, by its bank reference."),
        widget=forms.ClearableFileInput(attrs={"accept": ".csv,text/csv"}),
    )


class RulingForm(forms.Form):
    """The ruling's number."""

    number = forms.CharField(
        label=_("Number of the ruling"),
        max_length=80,
        help_text=_("Such as (2026)京0105执1234号之二"),
    )


class DefaultForm(forms.Form):
    """Why the court finds the purchaser in default."""

    reason = forms.CharField(
        label=_("Reason, published with the record"), max_length=200, widget=forms.Textarea(attrs={"rows": 2})
    )


class ServiceForm(DatedForm):
    """When and how the ruling reached the purchaser."""

    on = day_field(_("Served on"), _("Title passes on this day."))
    proof = forms.CharField(label=_("Proof of service"), max_length=200)

    def service(self) -> Service:
        """Return what was filled in."""
        return Service(self.cleaned_data["on"], self.cleaned_data["proof"])


class HandoverForm(DatedForm):
    """When the purchaser got the property, and what was handed over."""

    on = day_field(_("Handed over on"))
    note = forms.CharField(
        label=_("What was handed over and found"), max_length=300, widget=forms.Textarea(attrs={"rows": 3})
    )

    def handover(self) -> Handover:
        """Return what was filled in."""
        return Handover(self.cleaned_data["on"], self.cleaned_data["note"])


class CostForm(forms.Form):
    """A cost, a reserved rent or a tax."""

    step = forms.ChoiceField(label=_("Kind"), choices=Cost.Step.choices)
    name = forms.CharField(label=_("What for"), max_length=100)
    payee = forms.CharField(label=_("Paid to"), max_length=100)
    receipt = forms.CharField(label=_("Voucher or decision"), max_length=100)
    amount = MoneyField(label=_("Amount (yuan)"), widget=forms.TextInput(attrs={"inputmode": "decimal"}))

    def spent(self) -> Spent:
        """Return what was filled in."""
        return Spent(**self.cleaned_data)


class InterestForm(DatedForm):
    """Doubled interest on one claim."""

    claim = ClaimField(label=_("Claim"), queryset=Claim.objects.none())
    principal = MoneyField(
        label=_("Unpaid debt without its ordinary interest (yuan)"),
        widget=forms.TextInput(attrs={"inputmode": "decimal"}),
    )
    on = day_field(_("Last day of the period for performance"))
    stayed = forms.IntegerField(
        label=_("Days of a stay the debtor did not ask for"), min_value=0, max_value=36_500, initial=0
    )

    def __init__(self, *args: Any, claims: Iterable[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        titles = [claim.pk for claim in claims if claim.kind != Claim.Kind.INTEREST]
        chosen = self.fields["claim"]
        assert isinstance(chosen, ClaimField)
        chosen.queryset = Claim.objects.filter(pk__in=titles).select_related("creditor").order_by("pk")

    def first_shown(self, today: date) -> None:
        """Show no day: the period ended long ago."""

    def delay(self) -> Delay:
        """Return what was filled in."""
        asked = self.cleaned_data
        return Delay(asked["claim"].pk, asked["principal"], asked["on"], asked["stayed"])


class PlanForm(forms.Form):
    """How ordinary claims stand among themselves, and for each its place in the order of seizure."""

    among = forms.ChoiceField(
        label=_("Ordinary claims are paid"), choices=Distribution.Among.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, claims: Iterable[Claim], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.ordinary = [claim for claim in claims if claim.kind == Claim.Kind.ORDINARY]
        for place, claim in enumerate(self.ordinary, 1):
            self.fields[f"order_{claim.pk}"] = forms.IntegerField(
                label=claim_label(claim), min_value=1, max_value=999, initial=place
            )

    @property
    def orders(self) -> list[forms.BoundField]:
        """Return the fields for the order of seizure."""
        return [self[f"order_{claim.pk}"] for claim in self.ordinary]

    def plan(self) -> Plan:
        """Return what was filled in."""
        orders = {claim.pk: self.cleaned_data[f"order_{claim.pk}"] for claim in self.ordinary}
        return Plan(Among(self.cleaned_data["among"]), orders)


class PlanServiceForm(DatedForm):
    """When the last of creditors and debtor had the plan, and whether all said that they do not object."""

    on = day_field(_("The last of them had it on"))
    statements = forms.CharField(
        label=_("Written statements that nobody objects"),
        max_length=200,
        required=False,
        help_text=_("Name the papers. Without them the money waits until the fifteen days are over."),
    )

    def service(self) -> PlanService:
        """Return what was filled in."""
        return PlanService(self.cleaned_data["on"], self.cleaned_data["statements"])


def claim_label(claim: Claim) -> str:
    """Return how a claim is named in a list: creditor, kind, and what is left of it."""
    left = claim.amount_fen - claim.paid_fen
    return f"{claim.creditor.name} · {claim.get_kind_display()} · ¥{left // 100:,}.{left % 100:02d}"
