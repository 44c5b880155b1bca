"""When people are away: work is given to others meanwhile."""

from __future__ import annotations

from datetime import date
from typing import Self

from django.db import models

from contacts.models.people import Person


class AbsenceQuerySet(models.QuerySet["Absence"]):
    def not_over(self, today: date) -> Self:
        return self.filter(last__gte=today)


class Absence(models.Model):
    """Days, both included, on which a person is given no work."""

    person = models.ForeignKey(Person, models.CASCADE, related_name="absences")
    first = models.DateField()
    last = models.DateField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(last__gte=models.F("first")), name="absence_ends_after_start"),
            models.UniqueConstraint(fields=["person", "first", "last"], name="absence_once"),
        ]
        indexes = [models.Index(fields=["person", "last"], name="absence_of_person")]

    def __str__(self) -> str:
        return f"{self.first} to {self.last}"
