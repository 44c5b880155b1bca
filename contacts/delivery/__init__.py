"""Sending what the outbox holds: outside of any transaction, with a limit of time, many hosts at once."""

from contacts.delivery.post import deliver_due

__all__ = ["deliver_due"]
