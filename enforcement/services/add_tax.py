"""Say which tax or fee the sale causes and who bears it by law (art. 30)."""

from __future__ import annotations

from django.db import transaction

from enforcement.models import Property, Tax
from enforcement.services.drafts import open_property


@transaction.atomic
def add_tax(*, property: Property, name: str, rate: str, bearer: str) -> Tax:
    """Add one line of taxes.

    :raises NotReady: if the property is announced
    """
    return Tax.objects.create(property=open_property(property), name=name, rate=rate, bearer=bearer)


@transaction.atomic
def drop_tax(*, tax: Tax) -> None:
    """Take a line of taxes away.

    :raises NotReady: if the property is announced
    """
    open_property(tax.property)
    tax.delete()
