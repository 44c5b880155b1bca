"""How the portal tells somebody something: their channels, those of the teams they manage, and what came last."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib import messages
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from contacts.access import PortalRequest, allow, can
from contacts.actions import channels as actions
from contacts.delivery import mail
from contacts.models import Channel, ChannelKind, Message, Person, Team
from opsportal.lib.errors import ActionError

CAME_LAST = 15
KINDS = [
    (ChannelKind.EMAIL.value, "Another e-mail address"),
    (ChannelKind.CHAT.value, "A chat: the incoming webhook of Slack, Mattermost and others"),
    (ChannelKind.WEBHOOK.value, "A program: a signed webhook (Standard Webhooks)"),
]


class ChannelForm(forms.Form):
    """A new channel of oneself or of a team that one manages."""

    kind = forms.ChoiceField(label="What", choices=KINDS, widget=forms.RadioSelect, initial=ChannelKind.CHAT)
    address = forms.CharField(max_length=500, label="Address", help_text="Kept encrypted, and shown shortened.")
    name = forms.CharField(max_length=60, required=False, help_text="Such as “pager app” or “#operations”.")
    owner = forms.ChoiceField(label="For whom", choices=[("", "me")], required=False)

    def __init__(self, *args: Any, teams: list[Team], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        owner = self.fields["owner"]
        if isinstance(owner, forms.ChoiceField):
            owner.choices = [("", "me"), *((str(team.pk), f"the {team} team") for team in teams)]

    def refuse(self, error: ActionError) -> None:
        self.add_error("address", str(error))


@allow("portal.read")
@never_cache
@require_safe
def notifications(request: PortalRequest) -> HttpResponse:
    return _page(request)


@allow("portal.read")
@never_cache
@require_POST
def add(request: PortalRequest) -> HttpResponse:
    """Add a channel; the secret of a signed webhook is shown this once."""
    teams = _managed_teams(request.person)
    form = ChannelForm(request.POST, teams=teams)
    if not form.is_valid():
        return _page(request, form=form, status=422)
    values = form.cleaned_data
    whose = values.pop("owner")
    owner = next((team for team in teams if str(team.pk) == whose), request.person)
    try:
        channel, secret = actions.add_channel(owner=owner, by=request.person, now=timezone.now(), **values)
    except ActionError as error:
        form.refuse(error)
        return _page(request, form=form, status=error.status)
    if secret:
        return _page(request, secret=secret, of=channel)
    messages.success(request, _on_its_way(channel))
    return redirect("notifications")


def _on_its_way(channel: Channel) -> str:
    if channel.kind == ChannelKind.EMAIL:
        return f"A mail with a link is on its way to {channel.shown}. Follow it, and messages go there too."
    return "A test is on its way. Once it is accepted, messages go there too."


@allow("portal.read")
@require_POST
def own_email(request: PortalRequest) -> HttpResponse:
    """Whether messages go to the address in the details of oneself or of a managed team."""
    teams = {str(team.pk): team for team in _managed_teams(request.person)}
    named = request.POST.get("team", "")
    if named and named not in teams:
        raise Http404
    actions.switch_own_email(
        owner=teams[named] if named else request.person,
        enabled=request.POST.get("enabled") == "1",
        by=request.person,
        now=timezone.now(),
    )
    messages.success(request, "Saved.")
    return redirect("notifications")


@allow("portal.read")
@require_POST
def test(request: PortalRequest, pk: int) -> HttpResponse:
    channel = _own(request, pk)
    actions.test_channel(channel=channel, by=request.person, now=timezone.now())
    messages.success(request, _on_its_way(channel) if channel.verified_at is None else "A test is on its way.")
    return redirect("notifications")


@allow("portal.read")
@require_POST
def switch(request: PortalRequest, pk: int) -> HttpResponse:
    channel, enabled = _own(request, pk), request.POST.get("enabled") == "1"
    actions.switch(channel=channel, enabled=enabled, by=request.person, now=timezone.now())
    messages.success(request, f"“{channel}” is {'on' if enabled else 'off'}.")
    return redirect("notifications")


@allow("portal.read")
@never_cache
@require_POST
def secret(request: PortalRequest, pk: int) -> HttpResponse:
    """A new secret, shown this once; or an end to the one before."""
    channel = _own(request, pk)
    if request.POST.get("forget") == "1":
        actions.forget_old_secret(channel=channel, by=request.person, now=timezone.now())
        messages.success(request, "Only the new secret signs now.")
        return redirect("notifications")
    try:
        made = actions.new_secret(channel=channel, by=request.person, now=timezone.now())
    except ActionError as error:
        return _page(request, error=str(error), status=error.status)
    return _page(request, secret=made, of=channel)


@allow("portal.read")
@require_POST
def remove(request: PortalRequest, pk: int) -> HttpResponse:
    channel = _own(request, pk)
    actions.remove_channel(channel=channel, by=request.person, now=timezone.now())
    messages.success(request, f"“{channel}” was removed.")
    return redirect("notifications")


@allow("portal.read")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def prove(request: PortalRequest, token: str) -> HttpResponse:
    """Where the link in a test mail leads: a button, for mail programs open links by themselves."""
    if request.method != "POST":
        return render(request, "opsportal/notifications/prove.html", {"token": token, "nav": "more"})
    try:
        channel = actions.prove(token=token, by=request.person, now=timezone.now())
    except ActionError as error:
        context = {"error": str(error), "nav": "more"}
        return render(request, "opsportal/notifications/prove.html", context, status=error.status)
    messages.success(request, f"{channel.shown} is confirmed. Messages to {channel.owner} go there too.")
    return redirect("notifications")


def _managed_teams(person: Person) -> list[Team]:
    """Teams whose channels the person may change: a manager's own, an admin's all."""
    teams = Team.objects.order_by("name")
    return list(teams) if person.is_admin else [team for team in teams if can(person, "delivery.manage", team)]


def _own(request: PortalRequest, pk: int) -> Channel:
    """A channel of the person, or of a team they manage; anybody else's is not there."""
    found = get_object_or_404(Channel.objects.select_related("person", "team"), pk=pk)
    if found.person_id == request.person.pk or found.team in _managed_teams(request.person):
        return found
    raise Http404


def _page(request: PortalRequest, *, form: ChannelForm | None = None, status: int = 200, **more: Any) -> HttpResponse:
    person, teams = request.person, _managed_teams(request.person)
    channels = list(Channel.objects.filter(Q(person=person) | Q(team__in=teams)).order_by("pk"))
    owners: list[dict[str, Any]] = [{"owner": person, "team": None, "channels": _of(channels, person)}]
    owners += [{"owner": team, "team": team, "channels": _of(channels, team)} for team in teams]
    for entry in owners:
        entry["email_on"] = all(each.enabled for each in entry["channels"] if each.is_own)
        entry["others"] = [each for each in entry["channels"] if not each.is_own]
    context = {
        "owners": owners,
        "form": form or ChannelForm(teams=teams),
        "mail_set_up": mail.is_set_up(),
        "came": list(Message.objects.filter(person=person).order_by("-pk")[:CAME_LAST]),
        "kept": Message.objects.filter(person=person, state="kept").count(),
        "nav": "more",
    }
    return render(request, "opsportal/notifications/notifications.html", context | more, status=status)


def _of(channels: list[Channel], owner: Person | Team) -> list[Channel]:
    mine = "person_id" if isinstance(owner, Person) else "team_id"
    return [channel for channel in channels if getattr(channel, mine) == owner.pk]
