"""People, their logins, and the teams they work in."""

from __future__ import annotations

from collections.abc import Iterator

from django.conf import settings
from django.contrib.auth.models import AbstractUser
from django.db import models
from django.db.models.functions import Lower
from django.utils.crypto import salted_hmac
from django.utils.functional import cached_property

from opsportal.lib.records import not_empty


class User(AbstractUser):
    """A login. What someone is called and may do is on the person."""

    session_round = models.PositiveIntegerField(default=0, editable=False, help_text="Raised to end all sessions.")
    password_given = models.BooleanField(
        default=False, editable=False, help_text="Somebody else chose the password; its owner has to change it."
    )

    def get_session_auth_hash(self) -> str:
        """What a session must carry to be valid: it ends with the password, and with the round."""
        return self._session_hash(None)

    def get_session_auth_fallback_hash(self) -> Iterator[str]:
        """The same under the secret keys the server had before."""
        return (self._session_hash(secret) for secret in settings.SECRET_KEY_FALLBACKS)

    def _session_hash(self, secret: str | None) -> str:
        text = f"{self.session_round}:{self.password}"
        return salted_hmac("contacts.User.session", text, secret=secret, algorithm="sha256").hexdigest()


class Team(models.Model):
    AUDIT_TEAM = "id"

    name = models.CharField(max_length=100, unique=True)
    slug = models.SlugField(max_length=60, unique=True)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True, help_text="The team's on-call line, shown on every page.")
    second_factor_required = models.BooleanField(
        default=False, help_text="Managers and admins have to set up a second factor before they go on."
    )

    class Meta:
        constraints = [not_empty("name", "team_has_name")]

    def __str__(self) -> str:
        return self.name


class Person(models.Model):
    """Somebody who works with the portal or is called by it; not everybody has a login."""

    user = models.OneToOneField(User, models.SET_NULL, null=True, blank=True, related_name="person")
    name = models.CharField(max_length=100)
    email = models.EmailField(blank=True)
    phone = models.CharField(max_length=40, blank=True, help_text="With country code, such as +44 20 7946 0100.")
    time_zone = models.CharField(max_length=60, default="UTC", help_text="IANA name, such as Europe/London.")
    left_at = models.DateTimeField(null=True, blank=True, help_text="When they left; they are no longer called.")
    teams = models.ManyToManyField(Team, through="Membership", related_name="people")

    class Meta:
        verbose_name_plural = "people"
        constraints = [
            not_empty("name", "person_has_name"),
            models.UniqueConstraint(
                Lower("email"), name="person_email_once", condition=~models.Q(email="") & models.Q(left_at=None)
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @cached_property
    def member_of(self) -> list[Membership]:
        """Memberships with their teams, by the name of the team; read once for this object."""
        return list(self.memberships.select_related("team").order_by("team__name"))

    @cached_property
    def roles(self) -> dict[int, str]:
        """Role by team id."""
        return {membership.team_id: membership.role for membership in self.member_of}

    @property
    def is_admin(self) -> bool:
        """Whether they are admin of a team, or superuser."""
        superuser = self.user is not None and self.user.is_superuser
        return self.left_at is None and (superuser or Role.ADMIN in self.roles.values())


class Role(models.TextChoices):
    VIEWER = "viewer", "Viewer"
    OPERATOR = "operator", "Operator"
    EDITOR = "editor", "Editor"
    MANAGER = "manager", "Manager"
    ADMIN = "admin", "Admin"


class Membership(models.Model):
    """What a person may do in a team (`contacts.access`)."""

    AUDIT_TEAM = "team"

    person = models.ForeignKey(Person, models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, models.CASCADE, related_name="memberships")
    role = models.CharField(max_length=10, choices=Role, default=Role.VIEWER)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "team"], name="membership_once"),
            models.CheckConstraint(condition=models.Q(role__in=Role.values), name="membership_role_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person}, {self.role} in {self.team}"
