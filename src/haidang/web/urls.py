"""All addresses. A page's address begins with its language."""

from allauth.account import views as account
from allauth.socialaccount import views as social
from django.conf.urls.i18n import i18n_patterns
from django.urls import include, path

from haidang.web.api.site import api
from haidang.web.api.urls import hooks, tokens
from haidang.web.api.views import about
from haidang.web.city import views as city
from haidang.web.people.views import me

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
    path("house/cancelled/", social.login_cancelled, name="socialaccount_login_cancelled"),
    path("house/error/", social.login_error, name="socialaccount_login_error"),
    path("house/", me, name="socialaccount_connections"),
    path("house/signup/", social.signup, name="socialaccount_signup"),
    path("", include("allauth.socialaccount.providers.openid_connect.urls")),
]

urlpatterns = [
    path("", city.root, name="root"),
    path("health", city.health, name="health"),
    path("report.css", city.report_sheet, name="report-style"),
    path("api/v1/", api.urls),
    *i18n_patterns(
        path("", include("haidang.web.city.urls")),
        path("jobs/", include("haidang.web.jobs.urls")),
        # The laboratory.
        path("lab/", include("haidang.web.lab.urls")),
        # Factories.
        path("factories/", include("haidang.web.factories.urls")),
        # Lenders and the fund.
        path("lending/", include("haidang.web.lending.urls")),
        # Pilots.
        path("pilots/", include("haidang.web.pilots.urls")),
        # The tracking desk.
        path("", include("haidang.web.desk.urls")),
        # The administration.
        path("office/", include("haidang.web.office.urls")),
        path("office/", include(hooks)),
        # Accounts, and the interface for programs.
        path("programs/", about, name="api-about"),
        path("people/", include(tokens)),
        path("people/", include("haidang.web.people.urls")),
        path("account/", include(ACCOUNT)),
    ),
]
handler400 = "haidang.web.refused.unreadable"
handler403 = "haidang.web.refused.forbidden"
handler404 = "haidang.web.refused.not_found"
handler500 = "haidang.web.refused.failed"
