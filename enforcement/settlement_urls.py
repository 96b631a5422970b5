"""The addresses of a listing after its sale."""

from __future__ import annotations

from django.urls import path

from enforcement.views import distribution, settlement

urlpatterns = [
    path("listings/<int:pk>/settlement/", settlement.settlement, name="settlement"),
    path("listings/<int:pk>/settlement/statement/", settlement.statement, name="settlement_statement"),
    path("listings/<int:pk>/settlement/default/", settlement.default, name="settlement_default"),
    path("listings/<int:pk>/settlement/ruling/", settlement.ruling_page, name="ruling"),
    path("listings/<int:pk>/settlement/ruling.pdf", settlement.ruling_pdf, name="ruling_pdf"),
    path("listings/<int:pk>/settlement/ruling/draft/", settlement.ruling, name="ruling_draft"),
    path("listings/<int:pk>/settlement/ruling/service/", settlement.service, name="ruling_service"),
    path("listings/<int:pk>/settlement/handover/", settlement.handover, name="handover"),
    path("listings/<int:pk>/settlement/costs/", settlement.cost, name="settlement_cost"),
    path("listings/<int:pk>/settlement/interest/", settlement.interest, name="settlement_interest"),
    path("listings/<int:pk>/distribution/", distribution.distribution, name="distribution"),
    path("listings/<int:pk>/distribution/draft/", distribution.draft, name="distribution_draft"),
    path("listings/<int:pk>/distribution/service/", distribution.serve, name="distribution_service"),
    path("listings/<int:pk>/distribution/release/", distribution.release, name="distribution_release"),
]
