"""What officers fill in about a property: what it is, its seizures, taxes and reference price."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from auction.forms.lots import MoneyField
from auction.models import Category
from enforcement.forms.settlement import day_field
from enforcement.models import ReferencePrice, Tax
from enforcement.services.add_property import Description
from enforcement.services.add_seizure import NewSeizure
from enforcement.services.set_reference_price import NewPrice


def _text(label: Any, help_text: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3})
    return forms.CharField(label=label, help_text=help_text, required=False, max_length=4000, widget=widget)


class NewPropertyForm(forms.Form):
    """The least by which a property is entered."""

    category = forms.ChoiceField(label=_("Category"), choices=Category.choices)
    name = forms.CharField(label=_("Name of the property"), max_length=200)
    province = forms.CharField(label=_("Province"), max_length=30)
    city = forms.CharField(label=_("City"), max_length=30, required=False)
    location = forms.CharField(label=_("Location"), max_length=200, required=False)

    def said(self) -> Description:
        """Return what was filled in."""
        return Description(**self.cleaned_data)


class PropertyForm(NewPropertyForm):
    """All that is published of a property."""

    title = _text(_("Title"), _("Who is registered as owner, area, number of the certificate."))
    possession = _text(
        _("Possession and use"),
        _("Who lives there or uses it, by what right, until when, at what rent; how it will be vacated."),
    )
    burdens = _text(
        _("Burdens"), _("Mortgages, leases, rights of residence; write that there are none if so.")
    )
    defects = _text(_("Known defects"), _("What was found on site; write that none are known if so."))
    qualification = _text(
        _("Who may buy"),
        _("What the law asks of a purchaser beyond full capacity; always stated for houses."),
    )
    visits = forms.CharField(
        label=_("Visits on site"),
        help_text=_("When and how bidders can see it themselves."),
        max_length=200,
        required=False,
    )


class SeizureForm(forms.Form):
    """A seizure or its renewal."""

    order = forms.IntegerField(
        label=_("Turn"), min_value=1, max_value=99, initial=1, help_text=_("1 seized first.")
    )
    document = forms.CharField(label=_("Ruling"), max_length=100)
    seized_on = day_field(_("Seized on"))
    expires_on = day_field(_("Lasts until"), _("At most two years for movables, three for all else."))

    def said(self) -> NewSeizure:
        """Return what was filled in."""
        return NewSeizure(**self.cleaned_data)


class TaxForm(forms.Form):
    """A tax or fee of the transfer and who bears it."""

    name = forms.CharField(label=_("Tax or fee"), max_length=60)
    rate = forms.CharField(label=_("Rate or amount"), max_length=60, required=False)
    bearer = forms.ChoiceField(label=_("Borne by"), choices=Tax.Bearer.choices)


class PriceForm(forms.Form):
    """A reference price."""

    way = forms.ChoiceField(label=_("Way"), choices=ReferencePrice.Way.choices)
    amount = MoneyField(label=_("Amount (yuan)"), widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    by = forms.CharField(label=_("Appraiser, or the parties that agreed"), max_length=100)
    document = forms.CharField(
        label=_("Report, or written agreement"),
        max_length=100,
        required=False,
        help_text=_("Name and number."),
    )
    dated_on = day_field(_("Dated"))
    valid_until = day_field(_("Valid until"), _("One year at most."))

    def said(self) -> NewPrice:
        """Return what was filled in."""
        return NewPrice(**self.cleaned_data)
