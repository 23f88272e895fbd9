"""Addresses of the pilots."""

from django.urls import path

from haidang.web.pilots import plans, views

app_name = "pilots"
urlpatterns = [
    path("", views.listed, name="list"),
    path("new/", plans.declare, name="declare"),
    path("new/form/", plans.design, name="design"),
    path("units.csv", plans.units, name="units"),
    path("<int:number>/", views.pilot, name="pilot"),
    path("<int:number>/plan/", plans.change, name="change"),
    path("<int:number>/plan/form/", plans.redesign, name="redesign"),
    path("<int:number>/register/", views.register, name="register"),
    path("<int:number>/lots/", views.lots, name="lots"),
    path("<int:number>/lots/site/", views.site_lots, name="site-lots"),
    path("<int:number>/reports/", views.reports, name="reports"),
    path("<int:number>/outcomes/", views.outcomes, name="outcomes"),
    path("<int:number>/power/", views.power, name="power"),
    path("<int:number>/decide/", views.decide, name="decide"),
    path("<int:number>/files/<str:name>", views.file, name="file"),
]
