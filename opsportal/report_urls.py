"""Addresses of the reports for managers."""

from __future__ import annotations

from django.urls import path

from opsportal.views import (
    compliance,
    compliance_evidence,
    compliance_missed,
    compliance_month,
    compliance_rows,
    compliance_work,
    compliance_year,
)

urlpatterns = [
    path("", compliance.reports, name="reports"),
    path("compliance/", compliance.compliance, name="compliance"),
    path("compliance.csv", compliance.download, name="compliance_csv"),
    path("occurrences/", compliance_rows.occurrences, name="occurrences"),
    path("occurrences.csv", compliance_rows.download, name="occurrences_csv"),
    path("missed/", compliance_missed.missed, name="missed"),
    path("missed/decide/", compliance_missed.decide, name="missed_decide"),
    path("year/", compliance_year.year, name="year"),
    path("work/", compliance_work.work, name="work"),
    path("ticks/", compliance_work.honesty, name="ticks"),
    path("month/", compliance_month.month_page, name="month_report"),
    path("evidence/", compliance_evidence.evidence_list, name="signed_reports"),
    path("evidence/make/", compliance_evidence.make, name="signed_report_make"),
    path("evidence/<int:pk>/", compliance_evidence.page, name="signed_report"),
    path("evidence/<int:pk>/report.json", compliance_evidence.download, name="signed_report_json"),
]
