"""People and teams, whom to reach for a service, and keys to the API."""

from contacts.models.directory import Contact, Directory, EscalationLevel, SeverityLevel
from contacts.models.people import Membership, Person, Role, Team, User
from contacts.models.tokens import ApiToken, ApiTokenQuerySet

__all__ = [
    "ApiToken",
    "ApiTokenQuerySet",
    "Contact",
    "Directory",
    "EscalationLevel",
    "Membership",
    "Person",
    "Role",
    "SeverityLevel",
    "Team",
    "User",
]
