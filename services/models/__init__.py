"""Services and the records of their runbooks; days off; what recurs; maintenance windows."""

from services.models.calendars import HolidayCalendar, HolidayDate
from services.models.catalogue import (
    ChangeEntry,
    Command,
    Dependency,
    ExternalDependency,
    Fact,
    Link,
    MaintenanceWindow,
    Metric,
    Section,
    Service,
    ServiceRecord,
)
from services.models.recurring import Recurring
from services.models.windows import Freeze, Window, WindowSeries, WindowState

__all__ = [
    "ChangeEntry",
    "Command",
    "Dependency",
    "ExternalDependency",
    "Fact",
    "Freeze",
    "HolidayCalendar",
    "HolidayDate",
    "Link",
    "MaintenanceWindow",
    "Metric",
    "Recurring",
    "Section",
    "Service",
    "ServiceRecord",
    "Window",
    "WindowSeries",
    "WindowState",
]
