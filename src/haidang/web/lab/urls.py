"""Addresses of the laboratory."""

from django.urls import path

from haidang.web.lab import compare, trials, views

app_name = "lab"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", views.begin, name="begin"),
    path("compare/", compare.compare, name="compare"),
    path("designs/<int:number>/", views.design, name="design"),
    path("designs/<int:number>/try/", views.try_out, name="try"),
    path("designs/<int:number>/save/", views.save, name="save"),
    path("designs/<int:number>/fork/", views.fork, name="fork"),
    path("designs/<int:number>/share/", views.share, name="share"),
    path("designs/<int:number>/design.yaml", views.export, name="export"),
    path("designs/<int:number>/run/", trials.ask_run, name="run"),
    path("designs/<int:number>/allocate/", trials.ask_allocation, name="allocate"),
    path("trials/<int:number>/", trials.trial, name="trial"),
    path("trials/<int:number>/<slug:name>/", trials.download, name="download"),
]
