"""What rings the sender: a commit, beat, a command; and who hears when it is silent."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction

from contacts.actions.messages import DELIVER
from contacts.models import Message, Person
from opsportal.lib.bell import Bell
from tests.messages.conftest import tell
from tests.peers.mail_server import MailServer


@pytest.mark.django_db(transaction=True)
def test_the_bell_rings_after_the_commit_and_not_without_one() -> None:
    bell, heard = Bell(), list[str]()
    bell.hang(heard.append)
    with transaction.atomic():
        bell.ring(DELIVER)
        assert heard == []
    assert heard == [DELIVER]
    with transaction.atomic():
        bell.ring(DELIVER)
        transaction.set_rollback(True)
    assert heard == [DELIVER]


@pytest.mark.django_db(transaction=True)
def test_a_broken_bell_breaks_nothing_and_is_left_alone_for_a_while() -> None:
    rung: list[str] = []

    def broken(task: str) -> None:
        rung.append(task)
        raise ConnectionError("no Redis")

    bell = Bell()
    bell.hang(broken)
    for _ in range(5):
        with transaction.atomic():
            bell.ring(DELIVER)
    assert rung == [DELIVER]


def test_a_command_delivers_without_a_worker(ada: Person, mail_server: MailServer) -> None:
    tell(ada)
    said = StringIO()
    call_command("deliver_due", stdout=said)
    assert said.getvalue() == "Attempts: 1. Waiting: 0. Not delivered, and nobody has taken note: 0.\n"
    assert Message.objects.get().state == "sent"
