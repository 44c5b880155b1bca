"""Procedures with their versions, the runs of them, and maintenance tasks."""

from procedures.models.log import LogEntry
from procedures.models.maintenance import MaintenanceTask
from procedures.models.procedure import Category, Phase, Procedure, ProcedureVersion, Step
from procedures.models.run import Run, RunNote, RunStep, StepEvent, StepState
from procedures.models.teamwork import Presence, StepReport

__all__ = [
    "Category",
    "LogEntry",
    "MaintenanceTask",
    "Phase",
    "Presence",
    "Procedure",
    "ProcedureVersion",
    "Run",
    "RunNote",
    "RunStep",
    "Step",
    "StepEvent",
    "StepReport",
    "StepState",
]
