"""The addresses of the court's side, all under /officer/."""

from __future__ import annotations

from django.urls import URLPattern, URLResolver, include, path, register_converter

from enforcement.views import account, cases, postings, properties, stopping, wizard

register_converter(wizard.StepName, "step")

urlpatterns: list[URLPattern | URLResolver] = [
    path("", include("enforcement.settlement_urls")),
    path("", cases.desk, name="desk"),
    path("account/", account.account, name="account"),
    path("account/orders.csv", account.orders, name="payment_orders"),
    path("postings/", postings.postings, name="postings"),
    path("cases/new/", cases.case_new, name="case_new"),
    path("cases/<int:pk>/", cases.case, name="case"),
    path("cases/<int:pk>/parties/new/", cases.party_new, name="party_new"),
    path("cases/<int:pk>/claims/new/", cases.claim_new, name="claim_new"),
    path("cases/<int:pk>/properties/new/", cases.property_new, name="property_new"),
    path("properties/<int:pk>/", properties.property, name="property"),
    path("properties/<int:pk>/seizures/new/", properties.seizure_new, name="seizure_new"),
    path("properties/<int:pk>/taxes/new/", properties.tax_new, name="tax_new"),
    path("properties/<int:pk>/taxes/<int:tax>/drop/", properties.tax_drop, name="tax_drop"),
    path("properties/<int:pk>/tour/", properties.tour_open, name="tour_open"),
    path("properties/<int:pk>/listing/", properties.listing_start, name="listing_start"),
    path("listings/<int:pk>/", wizard.listing, name="listing"),
    path("listings/<int:pk>/notices/<int:party>/", wizard.notice, name="listing_notice"),
    path("listings/<int:pk>/suspend/", stopping.suspend_round, name="round_suspend"),
    path("listings/<int:pk>/resume/", stopping.resume_round, name="round_resume"),
    path("listings/<int:pk>/<step:step>/", wizard.step, name="listing_step"),
]
