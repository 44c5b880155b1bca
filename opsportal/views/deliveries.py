"""The delivery log: what was sent to whom, what was not, and why."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from contacts.access import PortalRequest, allow, can, require
from contacts.actions.messages import send_again, take_note
from contacts.models import Message, MessageState, Person
from opsportal.lib.errors import ActionError
from opsportal.lib.sheets import sheet
from opsportal.lib.typed import typed
from opsportal.selectors.deliveries import KINDS, LOST, STATES, DeliveryFilter, all_of, page_of

HEADER = ("number", "written (UTC)", "wanted (UTC)", "to", "channel", "address", "subject", "state", "ended (UTC)",
          "attempts", "repeat", "error", "key")  # fmt: skip
MOST_NOTED = 500


@allow("portal.read")
@never_cache
@require_safe
def deliveries(request: PortalRequest) -> HttpResponse:
    """Messages newest first, fifty a page, filtered."""
    chosen = _chosen(request.GET)
    found = chosen.apply(request.person)
    rows, before = page_of(found, request.GET.get("before", ""))
    kept = {name: value for name in FIELDS if (value := getattr(chosen, name))}
    context = {
        "rows": rows,
        "before": before,
        "chosen": chosen,
        "states": [(LOST, "Not delivered, not noted"), *STATES.items()],
        "kinds": KINDS.items(),
        "lost": Message.objects.visible_to(request.person).lost().count(),
        "may_note": can(request.person, "delivery.manage"),
        "filtered": bool(kept),
        "query": urlencode(kept),
        "nav": "more",
    }
    return render(request, "opsportal/deliveries/deliveries.html", context)


@allow("portal.read")
@require_safe
def download(request: PortalRequest) -> HttpResponseBase:
    """The filtered log as CSV, as long as it is."""
    found = _chosen(request.GET).apply(request.person)
    return sheet("deliveries", HEADER, (_cells(message) for message in all_of(found)))


@allow("portal.read")
@never_cache
@require_safe
def delivery(request: PortalRequest, pk: int) -> HttpResponse:
    """One message with each attempt to send it."""
    return _page(request, _message(request, pk))


@allow("delivery.manage")
@require_POST
def again(request: PortalRequest, pk: int) -> HttpResponse:
    """Send a lost message again."""
    message = _managed(request, pk)
    try:
        send_again(message=message, person=request.person, now=timezone.now())
    except ActionError as error:
        return _page(request, message, error=str(error), status=error.status)
    messages.success(request, "It is on its way again.")
    return redirect("delivery", pk)


@allow("delivery.manage")
@require_POST
def noted(request: PortalRequest) -> HttpResponse:
    """Take note of what was lost, of one message or of all that the person may manage."""
    lost = Message.objects.visible_to(request.person).lost().select_related("person", "team")
    pk = typed(request.POST, "message")
    chosen = [_managed(request, int(pk))] if pk.isdecimal() else list(lost.order_by("pk")[:MOST_NOTED])
    mine = [message for message in chosen if _may_manage(request.person, message)]
    count = take_note(messages=mine, person=request.person, now=timezone.now())
    messages.success(request, f"Noted: {count}.")
    return redirect(reverse("deliveries"))


FIELDS = ("state", "kind", "to", "q")


def _chosen(query: QueryDict) -> DeliveryFilter:
    """The filter of the address; a state or channel that there is not fits nothing."""
    return DeliveryFilter(**{name: typed(query, name) for name in FIELDS})


def _message(request: PortalRequest, pk: int) -> Message:
    visible = Message.objects.visible_to(request.person)
    return get_object_or_404(visible.select_related("person", "team", "channel"), pk=pk)


def _managed(request: PortalRequest, pk: int) -> Message:
    message = _message(request, pk)
    if not _may_manage(request.person, message):
        require(request.person, "delivery.manage", message.team or 0)
    return message


def _may_manage(person: Person, message: Message) -> bool:
    """Admins everything; managers what went to their teams, or to people of these."""
    if person.is_admin:
        return True
    if message.person is not None:
        return any(can(person, "delivery.manage", team) for team in message.person.roles)
    return message.team_id is not None and can(person, "delivery.manage", message.team_id)


def _page(request: PortalRequest, message: Message, *, error: str = "", status: int = 200) -> HttpResponse:
    manage = _may_manage(request.person, message)
    ended = message.state in (MessageState.DEAD, MessageState.KEPT)
    context: dict[str, Any] = {
        "message": message,
        "tries": list(message.tries.order_by("n")),
        "under_way": message.lease_until is not None and message.lease_until > timezone.now(),
        "may_resend": manage and ended and message.kind,
        "may_note": manage and message.state == MessageState.DEAD and not message.noted_at and not message.quiet,
        "error": error,
        "nav": "more",
    }
    return render(request, "opsportal/deliveries/delivery.html", context, status=status)


def _cells(message: Message) -> tuple[object, ...]:
    return (
        message.pk,
        message.created_at.isoformat(timespec="seconds"),
        message.wanted_at.isoformat(timespec="seconds"),
        message.to_name,
        message.kind,
        message.shown,
        message.subject,
        message.state,
        message.ended_at.isoformat(timespec="seconds") if message.ended_at else "",
        message.attempts,
        "yes" if message.repeat else "",
        message.error,
        message.name,
    )
