"""The addresses of the provider of logins: its own login, and what it tells a house that asks."""

from django.urls import include, path

urlpatterns = [
    path("account/", include("allauth.account.urls")),
    path("", include("allauth.idp.urls")),
]
