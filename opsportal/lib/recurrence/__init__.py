"""Recurring schedules: RFC 5545 rules on local wall time, their shifts explained. No database, no clock of its own."""

from __future__ import annotations

from opsportal.lib.recurrence.business import BusinessCalendar, NonBusiness
from opsportal.lib.recurrence.errors import RuleError
from opsportal.lib.recurrence.place import Omitted, Slot
from opsportal.lib.recurrence.rule import Change, MonthEnd, Pause, Rule
from opsportal.lib.recurrence.slots import between, next_after, omitted, upcoming
from opsportal.lib.recurrence.zones import Gap, Overlap

__all__ = [
    "BusinessCalendar",
    "Change",
    "Gap",
    "MonthEnd",
    "NonBusiness",
    "Omitted",
    "Overlap",
    "Pause",
    "Rule",
    "RuleError",
    "Slot",
    "between",
    "next_after",
    "omitted",
    "upcoming",
]
