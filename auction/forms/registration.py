"""What a bidder fills in: his real name, and the warnings he has read."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from auction.models import Notice, RealName, Round
from auction.rules.identity import NotANumber, checked_number
from auction.services.register import Consent


class RealNameForm(forms.Form):
    """A real name with its number; the number's form and check digit are checked."""

    kind = forms.ChoiceField(label=_("Who bids"), choices=RealName.Kind.choices)
    name = forms.CharField(
        label=_("Name as on the identity card or business licence"),
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    number = forms.CharField(
        label=_("Identity number or unified social credit code"),
        max_length=30,
        help_text=_("18 characters. Stored encrypted; nobody sees it before the bidding has ended."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
    )

    def clean(self) -> dict[str, Any]:
        """Check the number as one of its kind."""
        given = super().clean() or {}
        if "kind" in given and "number" in given:
            try:
                given["number"] = checked_number(given["kind"], given["number"])
            except NotANumber:
                self.add_error("number", _("This is no such number: its date or its check digit is wrong."))
        return given


class WarningsForm(forms.Form):
    """The seven warnings of a lot, each with its own tick; whether all are ticked the rules say."""

    read = forms.MultipleChoiceField(required=False)

    def __init__(self, round: Round, data: Any = None) -> None:
        super().__init__(data)
        self.warnings = list(Notice.objects.filter(lot=round.lot, kind=Notice.Kind.WARNING))
        self.fields["read"].choices = [(each.digest, each.digest) for each in self.warnings]  # type: ignore[attr-defined]

    def consent(self) -> Consent:
        """Return which warnings were ticked, in exactly the published words."""
        return Consent(frozenset(self.cleaned_data["read"]) if self.is_valid() else frozenset())

    def ticks(self) -> list[tuple[Notice, bool]]:
        """Return each warning with whether it is ticked."""
        ticked = self.consent().digests if self.is_bound else frozenset()
        return [(each, each.digest in ticked) for each in self.warnings]
