"""Addresses of the tracking desk and of what everybody sees of it."""

from django.urls import path

from haidang.web.desk import consultation, inbox, mended, receipts, records, reminders, work

app_name = "desk"
urlpatterns = [
    path("commitments/", records.commitments, name="commitments"),
    path("commitments/<str:name>/", records.commitment, name="commitment"),
    path("late/", reminders.late, name="late"),
    path("records/<slug:form>/", records.download_file, name="download"),
    path("proposals/", consultation.proposals, name="proposals"),
    path("proposals/new/", consultation.propose, name="propose"),
    path("proposals/receipt/", receipts.receipt, name="receipt"),
    path("proposals/<int:number>/", consultation.proposal, name="proposal"),
    path("desk/", inbox.inbox, name="inbox"),
    path("desk/documents/", inbox.add_document, name="add-document"),
    path("desk/documents/<int:number>/", inbox.document, name="document"),
    path("desk/documents/<int:number>/file/", inbox.document_file, name="document-file"),
    path("desk/documents/<int:number>/about/", mended.correct_document, name="correct"),
    path("desk/documents/<int:number>/again/", mended.read_document_again, name="reread"),
    path("desk/drafts/<int:number>/take/", inbox.take_draft, name="take"),
    path("desk/drafts/<int:number>/reject/", inbox.reject, name="reject"),
    path("desk/check/", work.check, name="check"),
    path("desk/check/<slug:kind>/<str:name>/", work.confirm, name="confirm"),
    path("desk/commitments/<str:name>/stage/", work.advance, name="advance"),
    path("desk/commitments/<str:name>/milestone/", work.milestone, name="milestone"),
    path("desk/commitments/<str:name>/done/", work.done, name="done"),
    path("desk/commitments/<str:name>/step/", work.step, name="step"),
    path("desk/evidence/<slug:digest>/", work.evidence, name="evidence"),
    path("desk/reminders/", reminders.reminders, name="reminders"),
    path("desk/reminders/letter/", reminders.letter, name="letter"),
    path("desk/reminders.csv", reminders.reminders_csv, name="reminders-csv"),
    path("desk/proposals/", consultation.consultation, name="consultation"),
    path("desk/proposals/<int:number>/", consultation.moderate, name="moderate"),
]
