"""Addresses of the work in the background."""

from django.urls import path

from haidang.web.jobs import views

app_name = "jobs"
urlpatterns = [
    path("", views.listed, name="list"),
    path("<int:number>/cancel/", views.cancel, name="cancel"),
    path("<int:number>/again/", views.again, name="again"),
    path("simulate/<slug:name>/", views.simulate, name="simulate"),
]
