"""The way to an announcement, step by step; a draft is kept at every save."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_POST, require_safe

from auction import clock
from auction.rules.requirements import Missing
from auction.rules.terms import beijing_day
from enforcement.forms.case import CaseForm
from enforcement.forms.listing import (
    AnnouncementForm,
    DecisionForm,
    NoticeForm,
    announcement_initial,
    decision_initial,
)
from enforcement.forms.property import PriceForm, PropertyForm
from enforcement.models import Listing, Officer, Party, PartyNotice
from enforcement.queries import facts, hints
from enforcement.queries.announcement import decision_of
from enforcement.queries.desk import listings_of
from enforcement.queries.progress import STEPS, progress
from enforcement.services.add_property import describe_property
from enforcement.services.decide_panel import decide_panel
from enforcement.services.edit_case import edit_case
from enforcement.services.publish_listing import publish_listing
from enforcement.services.record_notice import record_notice
from enforcement.services.save_listing import save_listing
from enforcement.services.set_reference_price import set_reference_price
from enforcement.views.access import for_officers
from enforcement.views.filling import tried
from enforcement.views.properties import description_of

PUBLISH: Final = "publish"
NAMES: Final = (*STEPS, PUBLISH)


class StepName:
    """The names of the steps in addresses."""

    regex = "|".join(NAMES)

    def to_python(self, value: str) -> str:
        """Return the name."""
        return value

    def to_url(self, value: str) -> str:
        """Return the name."""
        return value


@dataclass
class Page:
    """One step before one officer."""

    request: HttpRequest
    officer: Officer
    listing: Listing
    step: str
    at: datetime
    missing: tuple[Missing, ...] = ()
    bound: dict[int, NoticeForm] = field(default_factory=dict)

    @property
    def data(self) -> Any:
        """Return what was sent, if anything was."""
        return self.request.POST or None


@require_safe
@for_officers
def listing(request: HttpRequest, officer: Officer, pk: int) -> HttpResponse:
    """Go to the first step that misses something."""
    found = get_object_or_404(listings_of(officer), pk=pk)
    if found.published_at:
        return redirect("listing_step", pk, PUBLISH)
    undone = [step.name for step in progress(found, clock.now()) if not step.done]
    return redirect("listing_step", pk, undone[0] if undone else PUBLISH)


@for_officers
def step(request: HttpRequest, officer: Officer, pk: int, step: str) -> HttpResponse:
    """Show a step, or save it."""
    page = Page(request, officer, get_object_or_404(listings_of(officer), pk=pk), step, clock.now())
    make = FORMS.get(step)
    form = make(page) if make else None
    if request.method == "POST" and step in SAVES and (form is None or form.is_valid()):
        page.missing = tried(lambda: SAVES[step](page, form))
        if not page.missing:
            return redirect("listing_step", pk, _next(step) if "on" in request.POST else step)
    return _show(page, form)


@require_POST
@for_officers
def notice(request: HttpRequest, officer: Officer, pk: int, party: int) -> HttpResponse:
    """Record how one person was notified."""
    page = Page(request, officer, get_object_or_404(listings_of(officer), pk=pk), "notices", clock.now())
    parties = {one.pk: one for one in facts.parties_to_notify(page.listing)}
    form = NoticeForm(request.POST, party=get_object_or_404(Party, pk=party, pk__in=parties))
    if form.is_valid():
        page.missing = tried(
            lambda: record_notice(listing=page.listing, notice=form.said(), by=officer, at=page.at)
        )
        if not page.missing:
            return redirect("listing_step", pk, "notices")
    page.bound[party] = form
    return _show(page, None)


def _show(page: Page, form: Form | None) -> HttpResponse:
    steps = progress(page.listing, page.at)
    here = next((one for one in steps if one.name == page.step), None)
    context = {
        "listing": page.listing,
        "property": page.listing.property,
        "case": page.listing.property.case,
        "steps": steps,
        "step": page.step,
        "here": here,
        "form": form,
        "missing": page.missing,
        "today": beijing_day(page.at),
        **HINTS[page.step](page.listing, page.at),
    }
    if page.step == "notices":
        context["forms"] = _notice_forms(page)
    wrong = page.missing or (form and form.errors)
    return render(
        page.request, f"enforcement/listing/{page.step}.html", context, status=409 if wrong else 200
    )


def _next(step: str) -> str:
    return NAMES[min(NAMES.index(step) + 1, len(NAMES) - 1)]


def _notice_forms(page: Page) -> list[tuple[hints.Told, NoticeForm]]:
    told: list[hints.Told] = hints.of_notices(page.listing, page.at)["told"]
    fresh = {one.party.pk: _notice_form(one.party, one.notice) for one in told}
    return [(one, (fresh | page.bound)[one.party.pk]) for one in told]


def _notice_form(party: Party, kept: PartyNotice | None) -> NoticeForm:
    said = {"channel": kept.channel, "done_on": kept.done_on, "proof": kept.proof} if kept else {}
    return NoticeForm(party=party, initial=said)


def _case_form(page: Page) -> Form:
    case = page.listing.property.case
    return CaseForm(page.data, initial={"cause": case.cause, "title_document": case.title_document})


def _decision_form(page: Page) -> Form:
    return DecisionForm(
        page.data,
        initial=decision_initial(decision_of(page.listing)),
        court=page.listing.property.case.court,
        priority=facts.priority_parties(page.listing),
    )


def _price_form(page: Page) -> Form:
    return PriceForm(page.data)


def _save_case(page: Page, form: Any) -> object:
    return edit_case(case=page.listing.property.case, **form.cleaned_data)


def _save_property(page: Page, form: Any) -> object:
    return describe_property(property=page.listing.property, description=form.said())


def _save_price(page: Page, form: Any) -> object:
    return set_reference_price(listing=page.listing, price=form.said(), by=page.officer, at=page.at)


def _save_decision(page: Page, form: Any) -> object:
    return decide_panel(listing=page.listing, decision=form.said(), by=page.officer, at=page.at)


def _save_announcement(page: Page, form: Any) -> object:
    return save_listing(listing=page.listing, draft_of=form.said())


def _publish(page: Page, form: Any) -> object:
    return publish_listing(listing=page.listing, by=page.officer, at=page.at)


FORMS: Final[dict[str, Callable[[Page], Form]]] = {
    "case": _case_form,
    "property": lambda page: PropertyForm(page.data, initial=description_of(page.listing.property)),
    "price": _price_form,
    "decision": _decision_form,
    "announcement": lambda page: AnnouncementForm(page.data, initial=announcement_initial(page.listing)),
}
SAVES: Final[dict[str, Callable[[Page, Any], object]]] = {
    "case": _save_case,
    "property": _save_property,
    "price": _save_price,
    "decision": _save_decision,
    "announcement": _save_announcement,
    PUBLISH: _publish,
}
HINTS: Final[dict[str, Callable[[Listing, datetime], dict[str, Any]]]] = {
    "case": hints.of_case,
    "property": hints.of_property,
    "viewing": hints.of_viewing,
    "price": hints.of_price,
    "decision": hints.of_decision,
    "notices": hints.of_notices,
    "announcement": hints.of_announcement,
    PUBLISH: hints.of_publish,
}
