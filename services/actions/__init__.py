"""Changes of services: maintenance windows."""

from services.actions.series import approve_series, end_series, plan_series, reject_series, request_series
from services.actions.windows import (
    NotToBeDecided,
    OwnRequest,
    add_freeze,
    approve_window,
    begin_window,
    cancel_window,
    finish_window,
    reject_window,
    remove_freeze,
    request_window,
)

__all__ = [
    "NotToBeDecided",
    "OwnRequest",
    "add_freeze",
    "approve_series",
    "approve_window",
    "begin_window",
    "cancel_window",
    "end_series",
    "finish_window",
    "plan_series",
    "reject_series",
    "reject_window",
    "remove_freeze",
    "request_series",
    "request_window",
]
