"""The demo: one small company with three services, its people, and a month of their work."""

from opsportal.demo.company import logins

__all__ = ["logins"]
