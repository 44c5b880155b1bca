"""Changes to people and tokens."""

from contacts.actions.people import person_of
from contacts.actions.tokens import create_token, revoke_token, token_owner

__all__ = ["create_token", "person_of", "revoke_token", "token_owner"]
