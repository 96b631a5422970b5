"""Why an officer stops the bidding, or lets it go on."""

from __future__ import annotations

from django import forms


class ReasonForm(forms.Form):
    """A public reason (art. 28)."""

    reason = forms.CharField(max_length=300)
