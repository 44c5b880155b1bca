"""Procedures with their versions, the runs of them, maintenance tasks, schedules and their occurrences."""

from procedures.models.evidence import Evidence
from procedures.models.feed import CalendarFeed
from procedures.models.log import LogEntry
from procedures.models.maintenance import MaintenanceTask
from procedures.models.occurrence import Occurrence
from procedures.models.procedure import Category, Phase, Procedure, ProcedureVersion, Step
from procedures.models.run import Run, RunNote, RunStep, StepEvent, StepState
from procedures.models.schedule import Schedule, ScheduleChange, SchedulePause
from procedures.models.teamwork import Presence, StepReport

__all__ = [
    "CalendarFeed",
    "Category",
    "Evidence",
    "LogEntry",
    "MaintenanceTask",
    "Occurrence",
    "Phase",
    "Presence",
    "Procedure",
    "ProcedureVersion",
    "Run",
    "RunNote",
    "RunStep",
    "Schedule",
    "ScheduleChange",
    "SchedulePause",
    "Step",
    "StepEvent",
    "StepReport",
    "StepState",
]
