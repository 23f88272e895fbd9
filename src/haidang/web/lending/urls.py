"""Addresses of lenders and of the fund."""

from django.urls import path

from haidang.web.lending import list_views, use_views, views

app_name = "lending"
urlpatterns = [
    path("", views.listed, name="pipeline"),
    path("pipeline.csv", views.listed_csv, name="pipeline-csv"),
    path("pipeline.xlsx", views.listed_xlsx, name="pipeline-xlsx"),
    path("applications/<int:number>/", views.application, name="application"),
    path("applications/<int:number>/record/", views.record, name="record"),
    path("records/", views.recorded, name="records"),
    path("records.csv", views.recorded_csv, name="records-csv"),
    path("records.xlsx", views.recorded_xlsx, name="records-xlsx"),
    path("use/", use_views.line, name="use"),
    path("outcomes/<slug:name>.csv", use_views.outcomes, name="outcomes"),
    path("pilots/<int:number>/hand-over/", use_views.hand_over, name="hand-over"),
    path("lists/", list_views.all_lists, name="lists"),
    path("lists/<int:number>/", list_views.one_list, name="list"),
    path("lists/<int:number>/list.csv", list_views.list_csv, name="list-csv"),
    path("lists/<int:number>/publish/", list_views.publish_list, name="publish-list"),
]
