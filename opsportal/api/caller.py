"""Who asks: a script with a token, or somebody logged in who browses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.http import HttpRequest

from contacts.access import can
from contacts.actions import TokenOwner, person_of, token_owner
from contacts.models import Person
from opsportal.api.problem import Problem

REALM = 'Bearer realm="opsportal"'
SCHEMES = ("bearer", "token")


@dataclass(frozen=True, slots=True)
class Caller:
    """Exactly one of `owner` (a token's) and `person` (logged in) is set; `name` and `user_id` are for the audit."""

    name: str
    user_id: int | None
    owner: TokenOwner | None = None
    person: Person | None = None

    @property
    def key(self) -> str:
        """What the rate limit counts by."""
        return f"token:{self.owner.token}" if self.owner else f"user:{self.user_id}"

    @property
    def through(self) -> str:
        """How the caller came in, for the audit trail."""
        return f"{self.owner.token_name} (ops_{self.owner.key}…)" if self.owner else "login"

    def has_scope(self, scope: str) -> bool:
        """Whether the token has the scope; a login may read everything that `portal.read` opens."""
        if self.owner is not None:
            return scope in self.owner.scopes
        return self.person is not None and can(self.person, "portal.read")

    @property
    def may_see_some_phones(self) -> bool:
        """Whether there can be a service whose phone numbers may be shown."""
        if self.owner is not None:
            return "contacts:phone" in self.owner.scopes
        return self.person is not None and can(self.person, "contact.phone")

    def may_see_phones(self, team: int | None) -> bool:
        """Whether phone numbers of a service of this team may be shown."""
        if self.owner is not None:
            return "contacts:phone" in self.owner.scopes
        return self.person is not None and team is not None and can(self.person, "contact.phone", team)


def identify(request: HttpRequest, now: datetime) -> Caller:
    """The caller. Raises Problem 401 without one, also when a token was sent that is unknown, expired or revoked."""
    header = request.META.get("HTTP_AUTHORIZATION")
    if header is not None:
        return _by_token(header, now)
    if not request.user.is_authenticated:
        raise Problem(401, "Send a token: Authorization: Bearer ops_…", headers={"WWW-Authenticate": REALM})
    person = person_of(request.user)
    if getattr(request.user, "password_given", False) or getattr(person, "owes_factor", False):
        raise Problem(403, "Finish logging in first: the portal's pages say what is missing.")
    return Caller(person.name, person.user_id, person=person)


def _by_token(header: str, now: datetime) -> Caller:
    scheme, _, text = header.partition(" ")
    owner = token_owner(text=text.strip(), now=now) if scheme.lower() in SCHEMES else None
    if owner is None:
        wrong = f'{REALM}, error="invalid_token"'
        raise Problem(401, "This token is unknown, expired or revoked.", headers={"WWW-Authenticate": wrong})
    return Caller(owner.name, owner.user_id, owner=owner)


def require_scope(caller: Caller, scope: str) -> None:
    """Raise Problem 403 unless the caller has the scope (RFC 6750, section 3.1)."""
    if not caller.has_scope(scope):
        missing = f'{REALM}, error="insufficient_scope", scope="{scope}"'
        detail = f"This needs the scope {scope}." if caller.owner else "You may not see this."
        raise Problem(403, detail, headers={"WWW-Authenticate": missing})
