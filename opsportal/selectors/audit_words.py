"""What an audit event says, as words between the actor and the object."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

DID = {
    "admin.added": "added in the administration",
    "admin.changed": "changed in the administration",
    "admin.deleted": "deleted in the administration",
    "channel.added": "added for {owner} the channel",
    "channel.off": "switched off the channel",
    "channel.on": "switched on the channel",
    "channel.proven": "confirmed the address of the channel",
    "channel.removed": "removed from {owner} the channel",
    "channel.secret_changed": "made a new secret for the channel",
    "channel.secret_forgotten": "ended the old secret of the channel",
    "channel.tested": "sent a test by the channel",
    "contact.phone_read": "looked at the phone number of",
    "factor.added": "added a second factor ({factor}) to the login of",
    "factor.code_used": "used a recovery code, {left} left, for the login of",
    "factor.codes_renewed": "made new recovery codes for the login of",
    "factor.refused": "refused a second factor at the login of",
    "factor.removed": "removed a second factor ({factor}) from the login of",
    "factor.taken": "took all second factors from the login of",
    "evidence.kept": "kept the file “{file}” with step {step} of run",
    "evidence.signed": "signed the evidence of",
    "log.anomaly": "reported an anomaly:",
    "log.note": "wrote in the log:",
    "occurrence.excused": "accepted as missed, with a reason, “{what}”:",
    "occurrence.rescheduled": "gave a new time to “{what}”, which was missed:",
    "occurrence.restored": "took back the decision on “{what}”:",
    "message.noted": "took note of the lost message",
    "message.sent_again": "sent again the message",
    "occurrence.done": "did “{what}” of {slot}:",
    "occurrence.moved": "moved “{what}” of {slot} to {to} ({reason}):",
    "occurrence.skipped": "left out “{what}” of {slot} ({reason}):",
    "occurrence.undone": "took back that “{what}” of {slot} was done:",
    "person.added": "added",
    "person.away": "is away from {first} to {last}:",
    "person.changed": "changed the details of",
    "person.left": "marked as left:",
    "person.login_given": "gave a login to",
    "person.password_changed": "changed the password of",
    "person.password_given": "gave a new password to",
    "person.present": "is no longer away from {first} to {last}:",
    "person.returned": "took back into the portal",
    "person.role_removed": "took from the team “{team}”:",
    "person.role_set": "gave the role {role} in the team “{team}” to",
    "person.session_ended": "ended a session of",
    "person.sessions_ended": "logged out everywhere else:",
    "procedure.review_by": "set the review of a procedure to {on}:",
    "report.resolved": "resolved what was reported about step {step}:",
    "run.abandoned": "stopped run",
    "run.completed": "completed run",
    "run.excused": "excused the missed run",
    "run.noted": "wrote a note to run",
    "run.practised": "started a dry run,",
    "run.started": "started run",
    "runbook.approved": "approved revision {revision} of the runbook of",
    "runbook.edited": "edited the runbook of",
    "runbook.imported": "imported the runbook of",
    "runbook.proposed": "proposed revision {revision} of the runbook of",
    "runbook.rejected": "turned down revision {revision} of the runbook of",
    "schedule.edited": "changed the schedule of",
    "schedule.made": "made the schedule of",
    "schedule.missed": "wrote down as missed ({reason}) {slots} of",
    "schedule.paused": "paused from {first} to {last} ({reason}) the schedule of",
    "schedule.resumed": "took back the pause from {first} to {last} of",
    "schedule.retired": "ended the schedule of",
    "service.created": "created the service",
    "step.confirmed": "confirmed step {step} of run",
    "step.done": "did step {step} of run",
    "step.excused": "excused step {step} of run",
    "step.failed": "marked step {step} as failed in run",
    "step.happened": "said that step {step} happened in run",
    "step.na": "marked step {step} as not applicable in run",
    "step.reported": "reported step {step} as wrong in run",
    "step.skipped": "skipped step {step} of run",
    "step.todo": "took back the answer to step {step} of run",
    "team.added": "added the team",
    "team.changed": "changed the team",
    "token.created": "made the API token",
    "token.revoked": "revoked the API token",
}


class _Told(dict[str, Any]):
    """What was written down with the event; what was not is a question mark."""

    def __missing__(self, name: str) -> str:
        return "?"


def sentence(verb: str, data: Mapping[str, Any]) -> str:
    """What was done: "completed run"; a verb that is not known here speaks for itself: "queue drained:"."""
    if verb not in DID:
        return f"{verb.replace('.', ' ').replace('_', ' ')}:"
    return DID[verb].format_map(_Told(data))
