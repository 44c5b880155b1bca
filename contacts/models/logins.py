"""Where somebody is logged in."""

from __future__ import annotations

from django.db import models

from contacts.models.people import User


class LoginSession(models.Model):
    """A browser in which a login is open. `key` finds Django's session; without that, the row means nothing."""

    user = models.ForeignKey(User, models.CASCADE, related_name="logins")
    key = models.CharField(max_length=40, unique=True, editable=False)
    browser = models.CharField(max_length=300, blank=True, help_text="What the browser calls itself (User-Agent).")
    address = models.GenericIPAddressField(null=True, blank=True)
    created_at = models.DateTimeField()
    last_seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~models.Q(key=""), name="login_session_has_key"),
            models.CheckConstraint(
                condition=models.Q(last_seen_at__gte=models.F("created_at")), name="login_session_seen_after_start"
            ),
        ]
        indexes = [models.Index(fields=["user", "-last_seen_at"], name="login_sessions_of_user")]

    def __str__(self) -> str:
        return f"{self.user} since {self.created_at:%Y-%m-%d %H:%M}"
