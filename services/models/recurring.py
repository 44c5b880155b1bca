"""What recurs: an RFC 5545 rule on local time as columns, and as the value the recurrence engine takes."""

from __future__ import annotations

from datetime import time

from django.db import models

from opsportal.lib.recurrence import BusinessCalendar, Gap, MonthEnd, NonBusiness, Overlap, Rule
from services.models.calendars import HolidayCalendar

WEEKENDS = BusinessCalendar()


class Recurring(models.Model):
    """A rule, local times, their zone and a start; and what happens to dates that do not fit (docs/schedules.md)."""

    rrule = models.CharField(max_length=500, blank=True, help_text="RFC 5545 without DTSTART; empty: once.")
    times = models.CharField(max_length=200, default="00:00", help_text="Local times, such as 09:00 17:00.")
    zone = models.CharField(max_length=60, default="UTC", help_text="IANA name, such as Europe/Berlin.")
    starts_on = models.DateField()
    gap = models.CharField(max_length=6, choices=[(one.value, one.value) for one in Gap], default=Gap.RFC.value)
    overlap = models.CharField(
        max_length=6, choices=[(one.value, one.value) for one in Overlap], default=Overlap.FIRST.value
    )
    month_end = models.CharField(
        max_length=6, choices=[(one.value, one.value) for one in MonthEnd], default=MonthEnd.CLAMP.value
    )
    non_business = models.CharField(
        max_length=8, choices=[(one.value, one.value) for one in NonBusiness], default=NonBusiness.KEEP.value
    )
    holidays = models.ForeignKey(HolidayCalendar, models.PROTECT, null=True, blank=True, related_name="+")

    class Meta:
        abstract = True

    def plain_rule(self) -> Rule:
        """The rule without pauses, changes and windows. Raises ValueError for times that are none."""
        return Rule(
            rrule=self.rrule,
            times=tuple(time.fromisoformat(one) for one in self.times.split()),
            zone=self.zone,
            start=self.starts_on,
            gap=Gap(self.gap),
            overlap=Overlap(self.overlap),
            month_end=MonthEnd(self.month_end),
            non_business=NonBusiness(self.non_business),
            calendar=self.holidays.days_off() if self.holidays else WEEKENDS,
        )


def recurring_constraints(name: str) -> list[models.BaseConstraint]:
    """That the policies are known ones, for the Meta of a concrete model; `name` begins the constraints' names."""
    known = {"gap": Gap, "overlap": Overlap, "month_end": MonthEnd, "non_business": NonBusiness}
    return [
        models.CheckConstraint(
            condition=models.Q(**{f"{field}__in": [one.value for one in choices]}), name=f"{name}_{field}_known"
        )
        for field, choices in known.items()
    ]
