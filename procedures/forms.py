"""What people send from a run."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from procedures.actions.steps import ANSWERS
from procedures.answers import Answer, AnswerType, to_number
from procedures.models import StepState

LONGEST_VALUE = 250
LONGEST_NOTE = 4_000
OUT_OF_DATE = "This form is out of date; reload the page."


class OpForm(forms.Form):
    """Every change of a run carries the `op` its form was rendered with."""

    op = forms.UUIDField(error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE})
    note = forms.CharField(required=False, max_length=LONGEST_NOTE)

    def problem(self) -> tuple[str, str]:
        """The first field with an error and what it says, for the row."""
        return next(((name, str(errors[0])) for name, errors in self.errors.items()), ("", ""))


class ReportForm(forms.Form):
    """What is wrong with a step."""

    op = forms.UUIDField(error_messages={"required": OUT_OF_DATE, "invalid": OUT_OF_DATE})
    text = forms.CharField(max_length=LONGEST_NOTE, error_messages={"required": "Say what is wrong with the step."})

    def problem(self) -> str:
        """The first error, for the field."""
        return next((str(errors[0]) for errors in self.errors.values()), "")


class AnswerForm(OpForm):
    """An answer to a step; a value is asked for only when the step is done."""

    state = forms.ChoiceField(choices=[(state.value, state.label) for state in ANSWERS])
    value = forms.CharField(required=False, max_length=LONGEST_VALUE)

    def __init__(self, *args: Any, answer: Answer, has_file: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.answer = answer
        self.has_file = has_file

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        if values.get("state") == StepState.DONE and "value" in values:
            self._check(values["value"])
        if values.get("state") == StepState.NOT_APPLICABLE and not values.get("note") and self.answer.condition:
            values["note"] = f"Not so: {self.answer.condition}"
        return values

    def _check(self, value: str) -> None:
        kind = self.answer.type
        if kind is AnswerType.FILE and not self.has_file:
            self.add_error("value", "Choose the file; that is what this step is for. Without one, skip the step.")
        if kind in (AnswerType.TICK, AnswerType.FILE):
            return
        if not value.strip():
            self.add_error("value", "Enter what you found; that is what this step is for.")
        elif kind is AnswerType.NUMBER and to_number(value) is None:
            self.add_error("value", f"“{value}” is no number. Enter a number{self._unit()}.")
        elif kind is AnswerType.CHOICE and value not in self.answer.choices:
            self.add_error("value", "Choose one of: " + ", ".join(self.answer.choices) + ".")
        elif kind is AnswerType.DATE:
            self._check_date(value)

    def _check_date(self, value: str) -> None:
        try:
            date.fromisoformat(value.strip())
        except ValueError:
            self.add_error("value", "Enter a date as year-month-day, such as 2026-11-24.")

    def _unit(self) -> str:
        return f" in {self.answer.unit}" if self.answer.unit else ""


class NoteForm(OpForm):
    note = forms.CharField(max_length=LONGEST_NOTE, error_messages={"required": "The note is empty."})
