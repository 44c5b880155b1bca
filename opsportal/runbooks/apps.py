from django.apps import AppConfig


class RunbooksConfig(AppConfig):
    name = "opsportal.runbooks"
    label = "runbooks"
