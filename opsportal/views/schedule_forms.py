"""What people type to say when something is to be done, and by whom."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django import forms

from contacts.models import Person, Role, Team
from opsportal.lib.recurrence import MonthEnd, NonBusiness
from opsportal.lib.recurrence.catchup import CatchUp
from opsportal.lib.recurrence.cron import from_cron
from opsportal.lib.recurrence.floating import Unit
from procedures.models import Schedule
from services.models import HolidayCalendar

ZONES = [(zone, zone) for zone in sorted(available_timezones())]
MINUTE, HOUR = 60, 3600
DAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
FLOATING, OWN, CRON = "floating", "own", "cron"
HOW = [
    ("daily", "every day"),
    ("weekdays", "Monday to Friday"),
    ("weekly", "every week on the weekday of the start"),
    ("fortnightly", "every two weeks on the weekday of the start"),
    ("monthly", "every month on the date of the start"),
    ("quarterly", "every three months on the date of the start"),
    ("yearly", "every year on the date of the start"),
    (FLOATING, "so long after each completion"),
    (OWN, "by a rule of its own (RFC 5545)"),
    (CRON, "by cron text"),
]
PLAIN = {
    "daily": "FREQ=DAILY",
    "weekdays": "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR",
    "fortnightly": "FREQ=WEEKLY;INTERVAL=2",
    "weekly": "FREQ=WEEKLY",
    "monthly": "FREQ=MONTHLY",
    "quarterly": "FREQ=MONTHLY;INTERVAL=3",
    "yearly": "FREQ=YEARLY",
}
MONTH_ENDS = [(MonthEnd.CLAMP.value, "on the last day of that month"), (MonthEnd.SKIP.value, "left out")]
DAYS_OFF = [
    (NonBusiness.KEEP.value, "stays"),
    (NonBusiness.NEXT.value, "moves to the business day after"),
    (NonBusiness.PREVIOUS.value, "moves to the business day before"),
    (NonBusiness.SKIP.value, "is left out"),
]
CATCH_UPS = [
    (CatchUp.LATEST.value, "the latest is opened late"),
    (CatchUp.ALL.value, "all are opened late, 24 at most"),
    (CatchUp.NONE.value, "all stay missed"),
]


class ScheduleForm(forms.Form):
    """A schedule in the words of people; `values` gives the fields of the model."""

    how = forms.ChoiceField(choices=HOW, label="It is done")
    times = forms.CharField(label="At", max_length=200, help_text="Such as 09:00, or 09:00 17:00.", initial="09:00")
    zone = forms.ChoiceField(choices=ZONES, label="Time zone")
    starts_on = forms.DateField(label="Start", widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    rule = forms.CharField(
        label="Rule or cron text",
        required=False,
        max_length=500,
        help_text="FREQ=MONTHLY;BYDAY=-1FR or 30 6 * * 1-5. Only where it is done by one of them.",
    )
    every = forms.IntegerField(label="After", required=False, min_value=1, max_value=10_000)
    unit = forms.ChoiceField(choices=[(one.value, one.value) for one in Unit], required=False, label="of")
    month_end = forms.ChoiceField(choices=MONTH_ENDS, label="The 31st of a shorter month is", required=False)
    non_business = forms.ChoiceField(choices=DAYS_OFF, label="What falls on a day off", required=False)
    holidays = forms.ModelChoiceField(
        HolidayCalendar.objects.none(), required=False, label="Days off", empty_label="Saturdays and Sundays"
    )
    open_before = forms.IntegerField(label="Opens before (minutes)", min_value=0, max_value=525_600, initial=0)
    due_after = forms.IntegerField(label="Late after (minutes)", min_value=0, max_value=525_600, initial=60)
    miss_after = forms.IntegerField(label="Missed after (hours)", min_value=1, max_value=8_760, initial=24)
    catch_up = forms.ChoiceField(choices=CATCH_UPS, label="After the portal was down", required=False)
    assign = forms.ChoiceField(choices=Schedule.Assign, label="Done by")
    share = forms.ChoiceField(choices=Schedule.Share, label="Of several", required=False)
    person = forms.ModelChoiceField(Person.objects.none(), required=False, empty_label="–", label="Person")
    team = forms.ModelChoiceField(Team.objects.none(), required=False, empty_label="–", label="Team")
    role = forms.ChoiceField(choices=[("", "–"), *Role.choices], required=False, label="Role")
    remind_before = forms.IntegerField(
        label="Remind before it is due (minutes)", required=False, min_value=1, max_value=525_600
    )
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        querysets = {
            "holidays": HolidayCalendar.objects.order_by("name"),
            "person": Person.objects.filter(left_at=None).order_by("name"),
            "team": Team.objects.order_by("name"),
        }
        for name, rows in querysets.items():
            field = self.fields[name]
            if isinstance(field, forms.ModelChoiceField):
                field.queryset = rows

    def clean(self) -> dict[str, Any]:
        values = super().clean() or self.cleaned_data
        how = values.get("how")
        if how in (OWN, CRON) and not values.get("rule", "").strip():
            self.add_error("rule", "Write the rule, or choose another way above.")
        if how == FLOATING and not values.get("every"):
            self.add_error("every", "Say after how long.")
        return values

    def values(self) -> dict[str, Any]:
        """Field → value of a schedule. Raises RuleError for cron text that is none."""
        given = self.cleaned_data
        how = given["how"]
        as_typed = ("zone", "starts_on", "holidays", "person", "team", "role")
        found: dict[str, Any] = {name: given[name] for name in as_typed}
        found |= {
            "times": " ".join(given["times"].replace(",", " ").split()),
            "time_given": True,
            "rrule": PLAIN.get(how, given["rule"].strip() if how == OWN else ""),
            "anchor": Schedule.Anchor.COMPLETION if how == FLOATING else Schedule.Anchor.CALENDAR,
            "every": given["every"] if how == FLOATING else None,
            "unit": (given["unit"] or Unit.DAYS.value) if how == FLOATING else "",
            "month_end": given["month_end"] or MonthEnd.CLAMP.value,
            "non_business": given["non_business"] or NonBusiness.KEEP.value,
            "open_before": given["open_before"] * MINUTE,
            "due_after": given["due_after"] * MINUTE,
            "miss_after": given["miss_after"] * HOUR,
            "catch_up": given["catch_up"] or CatchUp.LATEST.value,
            "assign": given["assign"],
            "share": given["share"] or Schedule.Share.ONE,
            "remind_before": given["remind_before"] * MINUTE if given["remind_before"] else None,
        }
        if how == CRON:
            rule = from_cron(given["rule"], given["zone"], given["starts_on"])
            times = " ".join(f"{one:%H:%M}" for one in rule.times)
            found |= {"rrule": rule.rrule, "times": times, "gap": rule.gap.value, "overlap": rule.overlap.value}
            found |= {"month_end": rule.month_end.value}
        return found


def initial_of(schedule: Schedule) -> dict[str, Any]:
    """What the form shows of a schedule; a rule that no plain choice says is shown as one of its own."""
    known = {text: how for how, text in PLAIN.items()}
    own = FLOATING if schedule.floats else known.get(schedule.rrule, OWN)
    plain = ("times", "zone", "starts_on", "every", "unit", "month_end", "non_business", "holidays", "catch_up")
    whom = ("assign", "share", "person", "team", "role")
    return {name: getattr(schedule, name) for name in (*plain, *whom)} | {
        "how": own,
        "rule": schedule.rrule if own == OWN else "",
        "open_before": schedule.open_before // MINUTE,
        "due_after": schedule.due_after // MINUTE,
        "miss_after": max(1, schedule.miss_after // HOUR),
        "remind_before": schedule.remind_before // MINUTE if schedule.remind_before else None,
        "seen": schedule.edited,
    }


def first_values(zone: str, today: date, frequency: str) -> dict[str, Any]:
    """What the form of a new schedule begins with."""
    return {"how": "weekdays" if frequency == "daily" else "weekly", "zone": zone, "starts_on": today, "times": "09:00"}


class SingleForm(forms.Form):
    """One occurrence: moved to another local time, left out, done, taken back or excused, with the reason."""

    to = forms.DateTimeField(
        required=False,
        label="New time",
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}),
        input_formats=["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S"],
    )
    reason = forms.CharField(required=False, max_length=250, label="Reason or note")


class PauseForm(forms.Form):
    first = forms.DateField(label="From", widget=forms.DateInput(attrs={"type": "date"}))
    last = forms.DateField(label="To, that day included", widget=forms.DateInput(attrs={"type": "date"}))
    reason = forms.CharField(max_length=250, label="Reason")
