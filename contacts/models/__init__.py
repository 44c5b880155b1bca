"""People and teams, whom to reach for a service, messages to people, and keys to the API."""

from contacts.models.absences import Absence
from contacts.models.channels import Channel, ChannelKind, ChannelQuerySet
from contacts.models.directory import Contact, Directory, EscalationLevel, SeverityLevel
from contacts.models.logins import LoginSession
from contacts.models.messages import Attempt, Message, MessageQuerySet, MessageState, Outcome
from contacts.models.people import Membership, Person, Role, Team, User
from contacts.models.tokens import ApiToken, ApiTokenQuerySet

__all__ = [
    "Absence",
    "ApiToken",
    "ApiTokenQuerySet",
    "Attempt",
    "Channel",
    "ChannelKind",
    "ChannelQuerySet",
    "Contact",
    "Directory",
    "EscalationLevel",
    "LoginSession",
    "Membership",
    "Message",
    "MessageQuerySet",
    "MessageState",
    "Outcome",
    "Person",
    "Role",
    "SeverityLevel",
    "Team",
    "User",
]
