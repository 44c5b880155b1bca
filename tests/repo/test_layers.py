"""What import-linter cannot see of the layers: keys by name, signals, overrides."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.db import models
from django.db.models import signals

LAYERS = ["audit", "contacts", "services", "procedures", "incidents", "runbooks", "opsportal"]
OURS = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in LAYERS]


def _layer(model: type[models.Model]) -> int:
    """Django's own apps lie below ours."""
    label = model._meta.app_label
    return LAYERS.index(label) if label in LAYERS else -1


def _points_up(field: models.Field[object, object]) -> bool:
    target = field.related_model
    if not isinstance(target, type) or target._meta.label == settings.AUTH_USER_MODEL:
        return False  # who did it is a setting, so that the floor need not know the app
    return _layer(target) > _layer(field.model)


def test_every_key_points_down_or_stays_in_its_app() -> None:
    fields = [field for model in OURS for field in (*model._meta.fields, *model._meta.many_to_many)]
    assert [str(field) for field in fields if _points_up(field)] == []


def test_no_model_hides_work_in_save_delete_or_a_generic_key() -> None:
    overrides = [model.__name__ for model in OURS if {"save", "delete"} & set(vars(model))]
    generic = [field for model in OURS for field in model._meta.private_fields if isinstance(field, GenericForeignKey)]
    assert (overrides, generic) == ([], [])


@pytest.mark.parametrize("name", ["pre_save", "post_save", "pre_delete", "post_delete", "m2m_changed"])
def test_no_change_rings_a_signal_of_ours(name: str) -> None:
    receivers = [receiver() for _, receiver, *_ in getattr(signals, name).receivers]
    ours = [receiver for receiver in receivers if receiver and receiver.__module__.split(".")[0] in LAYERS]
    assert ours == []
