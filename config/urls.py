"""Every address of the site; each app keeps its own."""

from __future__ import annotations

from django.urls import include, path

urlpatterns = [
    path("language/", include("django.conf.urls.i18n")),
    path("accounts/", include("allauth.urls")),
    path("officer/", include("enforcement.urls")),
    path("", include("viewing.urls")),
    path("", include("auction.urls")),
]
