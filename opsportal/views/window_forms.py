"""What people type to ask for a maintenance window or a freeze."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django import forms
from django.db.models import Q

from contacts.models import Team
from opsportal.lib.recurrence import NonBusiness, Rule
from opsportal.lib.recurrence.zones import resolve
from services.models import Service

ZONES = [(zone, zone) for zone in sorted(available_timezones())]
NOTICES = [(604_800, "a week before"), (86_400, "a day before"), (3_600, "an hour before")]
ONCE, WEEKLY, FORTNIGHTLY, MONTHLY, OWN = "", "weekly", "fortnightly", "monthly", "own"
REPEATS = [
    (ONCE, "once"),
    (WEEKLY, "every week on that weekday"),
    (FORTNIGHTLY, "every two weeks on that weekday"),
    (MONTHLY, "every month on that weekday, such as the second Sunday"),
    (OWN, "by a rule of its own"),
]
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
DAY = timedelta(days=1)
LAST_WEEK = 5
DATE, TIME = forms.DateInput(attrs={"type": "date"}), forms.TimeInput(attrs={"type": "time"}, format="%H:%M")


class SpanForm(forms.Form):
    """A first and a last moment as local date and time; an end before the start on the same day is the next day."""

    on = forms.DateField(label="Date", widget=DATE)
    begins = forms.TimeField(label="From", widget=TIME)
    until = forms.TimeField(label="Until", widget=TIME)
    last = forms.DateField(
        label="Last day", required=False, widget=DATE, help_text="Only when it is not over within a day."
    )

    def span(self, zone: ZoneInfo) -> tuple[datetime, datetime]:
        """Start and end as instants, once the form is valid. A time that does not exist is later by the clock's gap."""
        values = self.cleaned_data
        on, begins, until = values["on"], values["begins"], values["until"]
        last = values["last"] or (on if until > begins else on + DAY)
        start, end = datetime.combine(on, begins), datetime.combine(last, until)
        return resolve(start, zone) or start.replace(tzinfo=zone), resolve(end, zone) or end.replace(tzinfo=zone)


class WindowForm(SpanForm):
    """A window of a service and, where ticked, of those of the same teams that are connected with it."""

    title = forms.CharField(max_length=250, label="What is done", help_text="Such as: PostgreSQL minor upgrade.")
    services = forms.ModelMultipleChoiceField(
        Service.objects.none(), label="Also down or at risk", required=False, widget=forms.CheckboxSelectMultiple
    )
    zone = forms.ChoiceField(choices=ZONES, label="Time zone")
    repeat = forms.ChoiceField(choices=REPEATS, required=False, label="Repeat")
    rrule = forms.CharField(
        max_length=250,
        required=False,
        label="Rule",
        help_text="RFC 5545, such as FREQ=MONTHLY;BYDAY=2SU. Only for “a rule of its own”.",
    )
    skip_days_off = forms.BooleanField(required=False, label="Leave out weekends and days off")
    reason = forms.CharField(required=False, max_length=4000, label="Why, and what to expect", widget=forms.Textarea)
    notification = forms.CharField(required=False, max_length=2000, label="Who is told, and how", widget=forms.Textarea)
    notify_before = forms.TypedMultipleChoiceField(
        choices=NOTICES,
        coerce=int,
        required=False,
        label="The portal tells the teams",
        widget=forms.CheckboxSelectMultiple,
    )
    rollback = forms.CharField(required=False, max_length=4000, label="Rollback plan", widget=forms.Textarea)

    def __init__(self, *args: Any, service: Service, teams: list[int], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["services"]
        if isinstance(field, forms.ModelMultipleChoiceField):
            connected = Q(needs__needs=service) | Q(needed_by__service=service)
            field.queryset = Service.objects.filter(connected, team__in=teams).distinct().order_by("name")
        for name in ("reason", "notification", "rollback"):
            self.fields[name].widget.attrs["rows"] = 2

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        if values.get("repeat") == OWN and not values.get("rrule", "").strip():
            self.add_error("rrule", "Write the rule, or choose how the window repeats.")
        if values.get("repeat") and values.get("last"):
            self.add_error("last", "A window that repeats is over within a day; leave the last day empty.")
        return values

    def rule(self) -> Rule | None:
        """The rule of a window that repeats, None for a single one."""
        values = self.cleaned_data
        repeat, on = values["repeat"], values["on"]
        if not repeat:
            return None
        text = {
            WEEKLY: f"FREQ=WEEKLY;BYDAY={DAYS[on.weekday()]}",
            FORTNIGHTLY: f"FREQ=WEEKLY;INTERVAL=2;BYDAY={DAYS[on.weekday()]}",
            MONTHLY: f"FREQ=MONTHLY;BYDAY={_nth(on)}{DAYS[on.weekday()]}",
            OWN: values["rrule"].strip(),
        }[repeat]
        off = NonBusiness.SKIP if values["skip_days_off"] else NonBusiness.KEEP
        return Rule(text, (values["begins"],), values["zone"], on, non_business=off)

    def duration(self) -> timedelta:
        """How long each window lasts on an ordinary day."""
        begins, until = (_since_midnight(self.cleaned_data[name]) for name in ("begins", "until"))
        return until - begins if until > begins else until - begins + DAY


class FreezeForm(SpanForm):
    title = forms.CharField(max_length=250, label="Why nothing may be changed", help_text="Such as: Black Friday.")
    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="everybody", label="For")

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["team"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = Team.objects.filter(pk__in=[team.pk for team in teams]).order_by("name")


class WordsForm(forms.Form):
    """What somebody says when they approve, reject, cancel or finish."""

    words = forms.CharField(required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 2}))


def _nth(day: date) -> int:
    """Which of its weekday in the month a date is; the fifth is the last."""
    number = (day.day - 1) // 7 + 1
    return -1 if number == LAST_WEEK else number


def _since_midnight(moment: time) -> timedelta:
    return timedelta(hours=moment.hour, minutes=moment.minute)
