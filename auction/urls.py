"""Addresses of the auction."""

from __future__ import annotations

from django.urls import path

from auction.views import (
    bidding,
    documents,
    fairness,
    log,
    lots,
    money,
    open_data,
    practice,
    receipts,
    registration,
    webhooks,
)

urlpatterns = [
    path("", lots.lots, name="lots"),
    path("how-it-works/", lots.how, name="how"),
    path("how-to-check/", log.how_to_check, name="how_to_check"),
    path("lots.json", open_data.lots_json, name="lots_json"),
    path("openapi.json", open_data.openapi, name="openapi"),
    path("lots/<int:pk>/", lots.lot, name="lot"),
    path("lots/<int:pk>/record.jsonl", log.record, name="record"),
    path("lots/<int:pk>/record.zip", log.record_archive, name="record_zip"),
    path("lots/<int:pk>/evidence.zip", log.evidence, name="evidence"),
    path("lots/<int:pk>/vouching/", log.vouching, name="vouching"),
    path("rounds/<int:pk>/proofs/<int:seq>.tlog-proof", log.leaf_proof, name="leaf_proof"),
    path("log/policy", log.policy, name="log_policy"),
    path("log/growth/<int:old>-<int:size>", log.growth, name="log_growth"),
    path("log/<path:name>", log.log_file, name="log_file"),
    path("rounds/<int:pk>/state.json", bidding.round_state, name="round_state"),
    path("rounds/<int:pk>/events.json", bidding.round_events, name="round_events"),
    path("rounds/<int:pk>/bid/", lots.offer, name="offer"),
    path("receipts/<int:pk>/<int:seq>/<str:leaf>/", receipts.receipt, name="receipt"),
    path("receipt-key.json", receipts.receipt_key, name="receipt_key"),
    path("rounds/<int:pk>/bids", bidding.bid, name="bid"),
    path("rounds/<int:pk>/confirmation/", documents.confirmation, name="confirmation"),
    path("rounds/<int:pk>/confirmation.pdf", documents.confirmation_pdf, name="confirmation_pdf"),
    path("practice/", practice.practice, name="practice"),
    path("rounds/<int:pk>/practice", practice.join, name="join_practice"),
    path("rounds/<int:pk>/register/", registration.register, name="register"),
    path("rounds/<int:pk>/deposit/", money.deposit, name="deposit"),
    path("rounds/<int:pk>/deposit/return/", money.deposit_return, name="deposit_return"),
    path("rounds/<int:pk>/balance/", money.balance, name="balance"),
    path("rounds/<int:pk>/balance/return/", money.balance_return, name="balance_return"),
    path("incidents/", fairness.incidents, name="incidents"),
    path("incidents.json", fairness.incidents_json, name="incidents_json"),
    path("health", fairness.health, name="health"),
    path("mine/", money.mine, name="mine"),
    path("mine/real-name/", registration.real_name, name="real_name"),
    path("webhooks/stripe", webhooks.stripe_webhook, name="stripe_webhook"),
]
