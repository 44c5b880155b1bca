"""Changes to people, tokens, channels and messages."""

from contacts.actions.messages import cancel, enqueue
from contacts.actions.people import person_of, set_time_zone
from contacts.actions.reveal import note_reading, number_of, reveal_phone
from contacts.actions.tokens import TokenOwner, create_token, revoke_token, token_owner

__all__ = [
    "TokenOwner",
    "cancel",
    "create_token",
    "enqueue",
    "note_reading",
    "number_of",
    "person_of",
    "reveal_phone",
    "revoke_token",
    "set_time_zone",
    "token_owner",
]
