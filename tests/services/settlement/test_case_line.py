"""The line of a case is added to and never changed."""

from __future__ import annotations

import pytest
from django.db import DatabaseError, transaction

from enforcement.models import CaseEvent
from tests.support import sales

pytestmark = pytest.mark.django_db


def test_what_happened_in_a_case_cannot_be_changed() -> None:
    sales.ruled()

    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.filter(kind="ruling_served").update(kind="handed_over")

    assert CaseEvent.objects.filter(kind="ruling_served").exists()


def test_what_happened_in_a_case_cannot_be_taken_away() -> None:
    sales.ruled()

    with pytest.raises(DatabaseError), transaction.atomic():
        CaseEvent.objects.all().delete()

    assert CaseEvent.objects.count() == 2
