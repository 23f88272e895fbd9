"""Addresses of the pages about the interface."""

from django.urls import path

from haidang.web.api import views

tokens = (
    [
        path("tokens/", views.tokens, name="list"),
        path("tokens/<int:number>/end/", views.end_token, name="end"),
    ],
    "tokens",
)
hooks = (
    [
        path("hooks/", views.hooks, name="list"),
        path("hooks/<int:number>/end/", views.end_hook, name="end"),
    ],
    "hooks",
)
