"""How passwords are hashed."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Argon2(Argon2PasswordHasher):
    """Argon2id with 19 MiB, two passes, one lane: OWASP Password Storage Cheat Sheet, "Argon2id".

    Django's default takes 100 MiB a login, more than the whole embedded portal.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1
