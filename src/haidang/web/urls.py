"""All addresses. A page's address begins with its language."""

from allauth.account import views as account
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from haidang.web.city import views as city

# Of the library of accounts only what this site uses: nobody signs up alone, and there is no mail.
ACCOUNT = [
    path("login/", account.login, name="account_login"),
    path("logout/", account.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("signup/", account.signup, name="account_signup"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/change/", account.password_change, name="account_change_password"),
    path("password/set/", account.password_set, name="account_set_password"),
    path("2fa/", include("allauth.mfa.urls")),
]

urlpatterns = [
    path("", city.root, name="root"),
    path("health", city.health, name="health"),
    path("report.css", city.report_sheet, name="report-style"),
    *i18n_patterns(
        path("", include("haidang.web.city.urls")),
        path("jobs/", include("haidang.web.jobs.urls")),
        # The laboratory.
        # Factories.
        path("factories/", include("haidang.web.factories.urls")),
        # Lenders and the fund.
        path("lending/", include("haidang.web.lending.urls")),
        # Pilots.
        # The tracking desk.
        # The administration.
        # Accounts.
        path("people/", include("haidang.web.people.urls")),
        path("account/", include(ACCOUNT)),
    ),
]
handler403 = "haidang.web.refused.forbidden"
handler404 = "haidang.web.refused.not_found"
