"""What officers fill in on the way to an announcement: decision, notices, times and texts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, Final

from django import forms
from django.utils.translation import gettext_lazy as _

from auction.forms.lots import MoneyField
from auction.rules.announcement import ITEMS, WAIVABLE
from enforcement.forms.settlement import day_field
from enforcement.models import Court, Listing, Officer, PanelDecision, Party, PartyNotice
from enforcement.services.decide_panel import Fixed, NewDecision
from enforcement.services.record_notice import NewNotice
from enforcement.services.save_listing import Draft

LOCAL: Final = "%Y-%m-%dT%H:%M"


def _yuan(label: Any) -> MoneyField:
    return MoneyField(label=label, widget=forms.TextInput(attrs={"inputmode": "decimal"}))


def _moment(label: Any, help_text: Any) -> forms.DateTimeField:
    widget = forms.DateTimeInput(attrs={"type": "datetime-local"}, format=LOCAL)
    return forms.DateTimeField(label=label, help_text=help_text, required=False, widget=widget)


class MembersField(forms.ModelMultipleChoiceField):  # type: ignore[type-arg]
    """The members of a panel."""

    def label_from_instance(self, obj: Officer) -> str:
        """Return the name with the role."""
        return f"{obj.name} · {obj.get_role_display()}"


class DecisionForm(forms.Form):
    """The panel's decision; each priority purchaser has a rank and the nature of his right."""

    starting = _yuan(_("Starting price (yuan)"))
    increment = _yuan(_("Increment (yuan)"))
    deposit = _yuan(_("Deposit (yuan)"))
    balance_days = forms.IntegerField(
        label=_("Days to pay the balance"), min_value=1, max_value=90, initial=10
    )
    members = MembersField(
        label=_("Members of the panel"),
        queryset=Officer.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    document = forms.CharField(label=_("Record of deliberation"), max_length=100, required=False)
    decided_on = day_field(_("Decided on"))

    def __init__(self, *args: Any, court: Court, priority: Iterable[Party], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.priority = list(priority)
        members = self.fields["members"]
        assert isinstance(members, MembersField)
        members.queryset = Officer.objects.filter(court=court).order_by("role", "name")
        for party in self.priority:
            self.fields[f"rank_{party.pk}"] = forms.IntegerField(
                label=_("Rank (1 is best)"), min_value=1, max_value=99, required=False
            )
            self.fields[f"nature_{party.pk}"] = forms.CharField(
                label=_("Nature of the right"),
                max_length=60,
                help_text=_("Such as co-owner, tenant, shareholder."),
            )

    @property
    def holders(self) -> list[tuple[Party, forms.BoundField, forms.BoundField]]:
        """Return each priority purchaser with the fields for rank and nature."""
        return [(party, self[f"rank_{party.pk}"], self[f"nature_{party.pk}"]) for party in self.priority]

    def said(self) -> NewDecision:
        """Return what was filled in."""
        given = self.cleaned_data
        fixed = Fixed(
            starting=given["starting"],
            increment=given["increment"],
            deposit=given["deposit"],
            balance_days=given["balance_days"],
            ranks={party: given[f"rank_{party.pk}"] for party in self.priority},
            natures={party: given[f"nature_{party.pk}"] for party in self.priority},
        )
        return NewDecision(tuple(given["members"]), given["document"], given["decided_on"], fixed)


def decision_initial(decision: PanelDecision | None) -> dict[str, Any]:
    """Return how the form begins: as the last decision said."""
    if decision is None:
        return {}
    said: dict[str, Any] = {
        "starting": _plain(decision.starting_price_fen),
        "increment": _plain(decision.increment_fen),
        "deposit": _plain(decision.deposit_fen),
        "balance_days": decision.balance_days,
        "members": list(decision.members.all()),
        "document": decision.document,
        "decided_on": decision.decided_on,
    }
    for right in decision.priority:
        said |= {f"rank_{right['party']}": right["rank"], f"nature_{right['party']}": right["nature"]}
    return said


def _plain(fen: int) -> str:
    return f"{fen // 100}.{fen % 100:02d}".removesuffix(".00")


class NoticeForm(forms.Form):
    """How one person was notified."""

    channel = forms.ChoiceField(label=_("How"), choices=PartyNotice.Channel.choices)
    done_on = day_field(_("Received or waived on"), _("A posting counts from the day it is entered."))
    proof = forms.CharField(
        label=_("Proof, or why he cannot be reached"), max_length=200, help_text=_("Number of the receipt.")
    )

    def __init__(self, *args: Any, party: Party, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.prefix = f"party{party.pk}"
        self.party = party
        channel = self.fields["channel"]
        assert isinstance(channel, forms.ChoiceField)
        if party.side != Party.Side.PRIORITY:
            waived = PartyNotice.Channel.WAIVED
            channel.choices = [one for one in PartyNotice.Channel.choices if one[0] != waived]

    def said(self) -> NewNotice:
        """Return what was filled in."""
        return NewNotice(party=self.party, **self.cleaned_data)


class AnnouncementForm(forms.Form):
    """Title, times, what is added to the items, and the reason to waive one."""

    title = forms.CharField(label=_("Title of the announcement"), max_length=200, required=False)
    opens_at = _moment(_("Bidding opens"), _("Beijing time."))
    closes_at = _moment(
        _("Bidding closes"), _("At least 24 hours later; late bids extend it by five minutes.")
    )
    disclaimer = forms.BooleanField(
        label=_("State that the court cannot warrant genuineness or quality"), required=False
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for slot in ITEMS:
            self.fields[f"text_{slot.number}"] = forms.CharField(
                label=_("Add to this item"),
                required=False,
                max_length=4000,
                widget=forms.Textarea(attrs={"rows": 2}),
            )
        for number in sorted(WAIVABLE):
            self.fields[f"waived_{number}"] = forms.CharField(
                label=_("Not published, because the law forbids it:"), required=False, max_length=300
            )

    def said(self) -> Draft:
        """Return what was filled in."""
        given = self.cleaned_data
        return Draft(
            title=given["title"],
            opens_at=given["opens_at"],
            closes_at=given["closes_at"],
            additions={slot.number: given[f"text_{slot.number}"] for slot in ITEMS},
            waived={number: given[f"waived_{number}"] for number in WAIVABLE},
            disclaimer=given["disclaimer"],
        )


def announcement_initial(listing: Listing) -> dict[str, Any]:
    """Return how the form begins: as the draft was saved."""
    said: dict[str, Any] = {
        "title": listing.title,
        "opens_at": listing.opens_at,
        "closes_at": listing.closes_at,
        "disclaimer": listing.disclaimer,
    }
    for number, item in listing.items.items():
        said |= {f"text_{number}": item.get("text", ""), f"waived_{number}": item.get("waived", "")}
    return said
