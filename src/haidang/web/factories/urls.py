"""Addresses of factories."""

from django.urls import path

from haidang.web.factories.views import assessment, evidence, papers, profile, result

app_name = "factories"
urlpatterns = [
    path("", profile.listed, name="list"),
    path("new/", profile.new, name="new"),
    path("<int:number>/", profile.home, name="home"),
    path("<int:number>/profile/", profile.profile, name="profile"),
    path("<int:number>/files/", profile.files, name="files"),
    path("<int:number>/history/", profile.history, name="history"),
    path("<int:number>/assessments/", assessment.listed, name="assessments"),
    path("<int:number>/assessments/start/", assessment.start, name="start"),
    path("<int:number>/roadmap/", result.roadmap, name="roadmap"),
    path("<int:number>/programmes/", papers.listed, name="programmes"),
    path("<int:number>/programmes/<slug:name>/", papers.apply, name="apply"),
    path("<int:number>/consents/", papers.consents, name="consents"),
    path("<int:number>/consents/<int:lender>/", papers.consent, name="consent"),
    path("applications/<int:number>/", papers.application, name="application"),
    path("applications/<int:number>/send/", papers.send, name="send"),
    path("applications/<int:number>/withdraw/", papers.withdraw, name="withdraw"),
    path("assessments/<int:number>/", assessment.overview, name="assessment"),
    path("assessments/<int:number>/submit/", assessment.submit, name="submit"),
    path("assessments/<int:number>/second/", assessment.second, name="second"),
    path("assessments/<int:number>/result/", result.result, name="result"),
    path("assessments/<int:number>/report.html", result.report, {"kind": "html"}, name="report"),
    path("assessments/<int:number>/report.xlsx", result.report, {"kind": "xlsx"}, name="workbook"),
    path("assessments/<int:number>/parts/<slug:name>/", assessment.section, name="section"),
    path("files/<int:number>/", evidence.download, name="file"),
    path("files/<int:number>/remove/", evidence.remove, name="remove-file"),
]
