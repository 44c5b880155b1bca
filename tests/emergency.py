"""A made-up emergency with time boxes, and the levels to escalate to."""

from __future__ import annotations

from contacts.models import Contact, EscalationLevel
from procedures.models import Category, Phase, Procedure
from services.models import Service
from tests.factories import make_procedure

NUMBER = "+44 20 7946 0817"
STEPS = ("Leave the bay", "Enter the smoke in % (limit 5 %)", "Find the cause", "Sweep the bay")
PHASES = (("Now", 0, 300, [1, 2]), ("Diagnosis", 300, 900, [3]), ("Recovery", None, None, [4]))


def make_emergency(service: Service) -> Procedure:
    """Two steps in the first five minutes, one in the ten after, one (with a command) whenever."""
    procedure = make_procedure(service, title="Fire", steps=STEPS, category=Category.EMERGENCY)
    version = procedure.versions.get()
    for place, (title, start, end, numbers) in enumerate(PHASES, 1):
        phase = Phase.objects.create(version=version, position=place, title=title, from_seconds=start, to_seconds=end)
        version.steps.filter(position__in=numbers).update(phase=phase)
    version.steps.filter(position=4).update(blocks=[{"kind": "code", "text": "broom --bay", "lang": ""}])
    return procedure


def make_ladder(service: Service) -> None:
    """Three levels; the second one is Noor, with `NUMBER`."""
    noor = Contact.objects.create(directory=service.directory, role="Lead", name="Noor", phone=NUMBER)
    for place, (name, contact) in enumerate([("L1", None), ("L2", noor), ("L3", None)]):
        EscalationLevel.objects.create(
            directory=service.directory, position=place, level=name, contact=f"{name} desk", contact_role=contact
        )
