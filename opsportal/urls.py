"""Every address of the portal."""

from __future__ import annotations

from django.contrib import admin
from django.urls import include, path

from opsportal import health
from opsportal.api import contract
from opsportal.views import (
    audit,
    calendar,
    factors,
    feeds,
    freezes,
    issues,
    log,
    lookup,
    menu,
    passkeys,
    people,
    services,
    sessions,
    settings,
    teams,
    today,
    windows,
)

urlpatterns = [
    path("", today.today, name="today"),
    path("more/", today.more, name="more"),
    path("help/", today.help_page, name="help"),
    path("emergency/", services.emergency, name="emergency"),
    path("services/", services.services, name="services"),
    path("services/<slug:slug>/contacts/<int:pk>/phone/", services.reveal, name="phone"),
    path("contacts/", lookup.contacts, name="contacts"),
    path("search/", lookup.search, name="search"),
    path("settings/", settings.settings_page, name="settings"),
    path("menu/", menu.menu, name="menu"),
    path("settings/theme/", menu.theme, name="theme"),
    path("settings/looks/", settings.looks, name="looks"),
    path("settings/tokens/", settings.token_create, name="token_create"),
    path("settings/tokens/<int:pk>/revoke/", settings.token_revoke, name="token_revoke"),
    path("settings/sessions/", sessions.end_others, name="sessions_end"),
    path("settings/sessions/<int:pk>/end/", sessions.end_one, name="session_end"),
    path("settings/second-factor/", factors.factors, name="factors"),
    path("settings/second-factor/app/", factors.app, name="factor_app"),
    path("settings/second-factor/app.svg", factors.picture, name="factor_picture"),
    path("settings/second-factor/passkey/", passkeys.add, name="factor_passkey"),
    path("settings/second-factor/codes/", factors.codes, name="factor_codes"),
    path("settings/second-factor/<int:pk>/remove/", factors.remove, name="factor_remove"),
    path("audit/", audit.audit, name="audit"),
    path("audit/verify/", audit.check, name="audit_check"),
    path("audit.csv", audit.download, name="audit_csv"),
    path("issues/", issues.issues, name="issues"),
    path("issues/<int:pk>/", issues.issue, name="issue"),
    path("issues/<int:pk>/start/", issues.start, name="issue_start"),
    path("log/", log.log, name="log"),
    path("log/add/", log.add, name="log_add"),
    path("log.csv", log.download, name="log_csv"),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/feeds/", feeds.feeds, name="feeds"),
    path("calendar/feeds/<int:pk>/revoke/", feeds.revoke, name="feed_revoke"),
    path("feeds/<str:secret>.ics", feeds.feed, name="feed"),
    path("windows/", windows.windows, name="windows"),
    path("windows/new/", windows.new, name="window_new"),
    path("windows/freezes/", freezes.freezes, name="freezes"),
    path("windows/freezes/<int:pk>/remove/", freezes.remove, name="freeze_remove"),
    path("windows/series/<int:pk>/", windows.series, name="window_series"),
    *(
        path(f"windows/series/<int:pk>/{what}/", windows.decide_series, {"what": what}, name=f"window_series_{what}")
        for what in windows.SERIES_DECISIONS
    ),
    path("windows/<int:pk>/", windows.window, name="window"),
    *(
        path(f"windows/<int:pk>/{what}/", windows.decide, {"what": what}, name=f"window_{what}")
        for what in windows.DECISIONS
    ),
    path("reports/", include("opsportal.report_urls")),
    path("people/", people.people, name="people"),
    path("people/new/", people.new, name="person_new"),
    path("people/teams/", teams.teams, name="teams"),
    path("people/teams/<int:pk>/", teams.team, name="team"),
    path("people/<int:pk>/", people.person, name="person"),
    path("people/<int:pk>/role/", people.role, name="person_role"),
    path("people/<int:pk>/login/", people.login, name="person_login"),
    path("people/<int:pk>/password/", people.password, name="person_password"),
    path("people/<int:pk>/second-factor/", people.factors, name="person_factors"),
    path("people/<int:pk>/left/", people.left, name="person_left"),
    path("people/<int:pk>/back/", people.back, name="person_back"),
    path("", include("opsportal.runbooks.urls")),
    path("services/<slug:slug>/", services.service, name="service"),
    path("", include("procedures.urls")),
    path("api/schema/", contract.schema, name="schema"),
    path("api/v1/", include("opsportal.api.urls")),
    path("health/live", health.live, name="health_live"),
    path("health/ready", health.ready, name="health_ready"),
    path("accounts/second-factor/", passkeys.second_factor, name="second_factor"),
    path("accounts/password/change/", sessions.change_password, name="account_change_password"),
    path("accounts/logout/", sessions.logout, name="account_logout"),
    path("accounts/", include("allauth.account.urls")),
    path("admin/", admin.site.urls),
]
