"""Addresses of the people."""

from django.urls import path

from haidang.web.people import views

app_name = "people"
urlpatterns = [path("me/", views.me, name="me")]
