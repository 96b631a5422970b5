"""What officers fill in about a case: its number, parties and claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from auction.forms.lots import MoneyField
from enforcement.forms.settlement import day_field
from enforcement.models import Case, Claim, Party
from enforcement.services.add_claim import NewClaim
from enforcement.services.add_party import NewParty
from enforcement.services.open_case import NewCase

TITLE_DOCUMENT = _("Such as (2025)京0105民初5678号民事判决书; published with the announcement.")


class CaseForm(forms.Form):
    """What a case is about and which document it enforces."""

    cause = forms.CharField(label=_("Cause"), max_length=100, required=False)
    title_document = forms.CharField(
        label=_("Document enforced"), max_length=200, required=False, help_text=TITLE_DOCUMENT
    )


class NewCaseForm(CaseForm):
    """A new case."""

    number = forms.CharField(
        label=_("Case number"),
        max_length=60,
        help_text=_("Such as (2026)京0105执1234号; brackets of either width."),
    )
    filed_on = day_field(_("Filed on"))
    field_order = ["number", "filed_on", "cause", "title_document"]

    def said(self) -> NewCase:
        """Return what was filled in."""
        return NewCase(**self.cleaned_data)


class PartyForm(forms.Form):
    """A party, another creditor or a priority purchaser."""

    side = forms.ChoiceField(label=_("Side"), choices=Party.Side.choices)
    kind = forms.ChoiceField(label=_("Kind"), choices=Party.Kind.choices)
    name = forms.CharField(label=_("True name"), max_length=100)
    number = forms.CharField(
        label=_("Identity number or organisation code"),
        max_length=24,
        help_text=_("18 characters; the check digit is verified."),
    )
    phone = forms.CharField(label=_("Telephone"), max_length=40, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)

    def said(self) -> NewParty:
        """Return what was filled in."""
        return NewParty(**self.cleaned_data)


class ClaimForm(forms.Form):
    """A claim of one of the case's creditors."""

    creditor = forms.ModelChoiceField(label=_("Creditor"), queryset=Party.objects.none())
    kind = forms.ChoiceField(label=_("Kind"), choices=Claim.Kind.choices, initial=Claim.Kind.ORDINARY)
    amount = MoneyField(label=_("Amount (yuan)"), widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    priority = forms.IntegerField(
        label=_("Rank among secured claims"),
        min_value=1,
        max_value=99,
        required=False,
        help_text=_("1 is satisfied first; empty for an ordinary claim."),
    )
    basis = forms.CharField(label=_("Basis"), max_length=200, required=False)

    def __init__(self, *args: Any, case: Case, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        chosen = self.fields["creditor"]
        assert isinstance(chosen, forms.ModelChoiceField)
        sides = (Party.Side.APPLICANT, Party.Side.CREDITOR)
        chosen.queryset = case.parties.filter(side__in=sides).order_by("pk")

    def said(self) -> NewClaim:
        """Return what was filled in."""
        return NewClaim(**self.cleaned_data)
