"""Say what a case is about and which document it enforces."""

from __future__ import annotations

from django.db import transaction

from enforcement.models import Case


@transaction.atomic
def edit_case(*, case: Case, cause: str, title_document: str) -> Case:
    """Save both texts."""
    case.cause, case.title_document = cause, title_document
    case.save(update_fields=["cause", "title_document"])
    return case
