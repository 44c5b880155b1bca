"""Days off: of a country, of one of its parts, of a subscribed calendar, and of one's own."""

from __future__ import annotations

from django.db import models

from opsportal.lib.records import not_empty
from opsportal.lib.recurrence import BusinessCalendar


class HolidayCalendar(models.Model):
    """Which days are no business days. Without a country: Saturdays and Sundays, and the dates below."""

    name = models.CharField(max_length=100, unique=True)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1, such as DE.")
    subdivision = models.CharField(max_length=10, blank=True, help_text="ISO 3166-2 without the country, such as BY.")
    url = models.URLField(max_length=500, blank=True, help_text="An iCalendar file to subscribe to.")
    fetched_at = models.DateTimeField(null=True, blank=True, editable=False)
    fetch_error = models.CharField(max_length=250, blank=True, editable=False)

    class Meta:
        constraints = [
            not_empty("name", "holiday_calendar_has_name"),
            models.CheckConstraint(
                condition=models.Q(subdivision="") | ~models.Q(country=""), name="holiday_calendar_part_of_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    def days_off(self) -> BusinessCalendar:
        """The calendar as the recurrence engine takes it; reads the dates unless they are prefetched."""
        extra = tuple(sorted((entry.on, entry.name) for entry in self.dates.all()))
        return BusinessCalendar(self.country, self.subdivision, extra)


class HolidayDate(models.Model):
    """A further day off: entered by hand, or read from the subscribed calendar."""

    calendar = models.ForeignKey(HolidayCalendar, models.CASCADE, related_name="dates")
    on = models.DateField()
    name = models.CharField(max_length=100)
    subscribed = models.BooleanField(default=False, editable=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["calendar", "on"], name="holiday_date_once"),
            not_empty("name", "holiday_date_has_name"),
        ]

    def __str__(self) -> str:
        return f"{self.on} {self.name}"
