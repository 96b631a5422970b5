"""What a visitor looks for in the list of lots, and what he bids without a script."""

from __future__ import annotations

from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from auction.models import Category
from auction.queries.lots import Order, Phase, Wanted
from auction.rules.money import Money, NotMoney, parse

PHASES: Final = (
    ("", _("All")),
    (Phase.OPEN.value, _("Bidding")),
    (Phase.SOON.value, _("Starting soon")),
    (Phase.ENDED.value, _("Ended")),
)
ORDERS: Final = (
    (Order.DUE.value, _("Ending or starting soonest")),
    (Order.NEWEST.value, _("Newest announcement")),
    (Order.CHEAPEST.value, _("Price: low to high")),
    (Order.DEAREST.value, _("Price: high to low")),
    (Order.BIDS.value, _("Most bids")),
)


class MoneyField(forms.CharField):
    """An amount of yuan as people write it."""

    default_error_messages = {
        "not_money": _("Write the amount in yuan, with at most two decimals, such as 1,200,000")
    }

    def to_python(self, value: Any) -> Money | None:  # type: ignore[override]
        """Return the amount, or None if nothing was written."""
        text = super().to_python(value) or ""
        if not text:
            return None
        try:
            return parse(text)
        except NotMoney:
            raise forms.ValidationError(self.error_messages["not_money"], code="not_money") from None


class LotsForm(forms.Form):
    """The filters; every one may be left out."""

    q = forms.CharField(label=_("Search"), required=False, max_length=60)
    phase = forms.ChoiceField(label=_("State"), choices=PHASES, required=False)
    category = forms.ChoiceField(label=_("Category"), required=False)
    province = forms.ChoiceField(label=_("Province"), required=False)
    least = MoneyField(label=_("Price from (yuan)"), required=False)
    most = MoneyField(label=_("Price to (yuan)"), required=False)
    order = forms.ChoiceField(label=_("Sort by"), choices=ORDERS, required=False)

    def __init__(self, *args: Any, provinces: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        everything = [("", _("All"))]
        self.fields["category"].choices = everything + Category.choices  # type: ignore[attr-defined]
        self.fields["province"].choices = everything + [(name, name) for name in provinces]  # type: ignore[attr-defined]
        for name in ("least", "most"):
            self.fields[name].widget.attrs["inputmode"] = "decimal"

    @property
    def narrowing(self) -> list[forms.BoundField]:
        """Return the fields beside the search, in order."""
        return [field for field in self if field.name != "q"]

    @property
    def is_narrowed(self) -> bool:
        """Return whether anything at all is asked for."""
        return any(self.data.get(name) for name in self.fields if name != "order")

    def wanted(self) -> Wanted:
        """Return what is looked for; a field that is wrong looks for nothing."""
        self.is_valid()
        asked = self.cleaned_data
        return Wanted(
            words=asked.get("q", ""),
            category=asked.get("category", ""),
            phase=asked.get("phase", ""),
            province=asked.get("province", ""),
            least=asked.get("least"),
            most=asked.get("most"),
            order=Order(asked.get("order") or Order.DUE),
        )


class OfferForm(forms.Form):
    """An amount to bid, in yuan."""

    amount = MoneyField(label=_("Your bid (yuan)"))

    def amount_given(self) -> Money | None:
        """Return the amount, or None if it is not one."""
        given: Money | None = self.cleaned_data["amount"] if self.is_valid() else None
        return given
