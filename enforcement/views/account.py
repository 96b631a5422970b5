"""The court's account: its bank's statements come in, and its bank's orders go out."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from auction import clock
from auction.payments.bank import NotAStatement
from auction.services.payment_order import instructions
from auction.services.statement import import_statement
from enforcement.forms.settlement import StatementForm
from enforcement.models import Officer
from enforcement.queries.account import orders_of, suspense_of
from enforcement.views.access import for_officers


@never_cache
@require_http_methods(["GET", "POST"])
@for_officers
def account(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Show the account's page; a POST imports a statement and shows what it did."""
    if request.method == "GET":
        return _page(request, officer)
    form = StatementForm(request.POST, request.FILES)
    if not form.is_valid():
        return _page(request, officer, form=form, status=422)
    try:
        file, court = form.cleaned_data["file"], officer.court
        summary = import_statement(file=file, account=court.code, court=court.name, at=clock.now())
    except NotAStatement as unreadable:
        return _page(request, officer, unreadable=True, line=unreadable.args[0], status=422)
    return _page(request, officer, summary=summary)


@never_cache
@require_safe
@for_officers
def orders(request: HttpRequest, officer: Officer) -> HttpResponse:
    """Send the payment orders as the file that the bank takes."""
    headers = {"Content-Disposition": 'attachment; filename="payment-orders.csv"'}
    content = instructions(orders_of(officer.court))
    return HttpResponse(content, content_type="text/csv; charset=utf-8", headers=headers)


def _page(request: HttpRequest, officer: Officer, status: int = 200, **shown: Any) -> HttpResponse:
    context = {
        "officer": officer,
        "form": StatementForm(),
        "orders": orders_of(officer.court),
        "suspense": suspense_of(officer.court),
    }
    return render(request, "enforcement/account.html", context | shown, status=status)
