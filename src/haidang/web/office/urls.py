"""The administration's addresses."""

from django.urls import path

from haidang.web.office import backup_views, bodies, views

app_name = "office"
urlpatterns = [
    path("", views.health, name="health"),
    path("people/", views.people, name="people"),
    path("people/<int:number>/", views.person, name="person"),
    path("people/<int:number>/correct/", views.correct, name="correct"),
    path("people/<int:number>/invite/", views.invite, name="invite"),
    path("people/<int:number>/role/", views.give, name="give"),
    path("people/<int:number>/lock/", views.lock, name="lock"),
    path("people/<int:number>/second-factor/", views.drop_second_factor, name="drop-second-factor"),
    path("roles/<int:number>/take/", views.take, name="take"),
    path("invitation/<slug:code>/<slug:token>/", views.invitation, name="invitation"),
    path("organisations/", bodies.organisations, name="organisations"),
    path("organisations/<int:number>/", bodies.organisation, name="organisation"),
    path("organisations/names/", bodies.names, name="organisation-names"),
    path("log/", views.log, name="log"),
    path("log.csv", views.log_csv, name="log-csv"),
    path("log/verify/", views.log_verify, name="log-verify"),
    path("backups/", backup_views.backups, name="backups"),
    path("backups/make/", backup_views.back_up, name="back-up"),
    path("backups/<int:number>/check/", backup_views.check, name="backup-check"),
    path("backups/<int:number>/file/", backup_views.download, name="backup-file"),
]
