"""Addresses of the public pages."""

from django.urls import path

from haidang.web.city import views

app_name = "city"
urlpatterns = [
    path("", views.glance, name="glance"),
    path("targets/", views.targets, name="targets"),
    path("programmes/<slug:name>/", views.programme, name="programme"),
    path("programmes/<slug:name>/runs/<int:number>/", views.run, name="run"),
    path("runs/<int:number>/workbook.xlsx", views.run_workbook, name="run-workbook"),
    path("runs/<int:number>/headlines.json", views.run_json, name="run-json"),
    path("runs/<int:number>/headlines.csv", views.run_csv, name="run-csv"),
    path("runs/<int:number>/publish/", views.publish, name="publish"),
    path("facts/", views.facts, name="facts"),
    path("facts.csv", views.facts_csv, name="facts-csv"),
    path("facts.json", views.facts_json, name="facts-json"),
    path("facts.xlsx", views.facts_workbook, name="facts-workbook"),
    path("facts/<slug:name>/", views.fact, name="fact"),
    path("sources/<slug:name>/", views.source, name="source"),
    path("method/", views.method, name="method"),
]
