"""Addresses of the work in the background."""

from django.urls import path

from haidang.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.listed, name="list"),
    path("simulate/<slug:name>/", views.simulate, name="simulate"),
]
