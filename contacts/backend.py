"""Who a session belongs to: the login with the person behind it and what they may do, in one statement."""

from __future__ import annotations

from typing import Any

from allauth.account.auth_backends import AuthenticationBackend

from contacts.actions.people import person_with_login
from contacts.models import User


class Logins(AuthenticationBackend):
    """allauth's way to log in; the user it finds in a session knows their person (`contacts.actions.person_of`)."""

    def get_user(self, user_id: Any) -> User | None:
        person = person_with_login(int(user_id))
        if person is None or person.user is None:  # the person is made when somebody asks for them
            found: User | None = super().get_user(user_id)
            return found
        return person.user if self.user_can_authenticate(person.user) else None
