"""What people send to the runbook pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.core.validators import validate_slug

from opsportal.lib.errors import ActionError
from opsportal.runbooks.reading import LARGEST
from services.models import Service


class ImportForm(forms.Form):
    """A runbook, uploaded or pasted, and the service it is for. `data` holds its bytes after validation."""

    file = forms.FileField(label="Markdown file", required=False, max_length=250, allow_empty_file=True)
    text = forms.CharField(
        label="or paste the Markdown",
        required=False,
        strip=False,
        max_length=LARGEST,
        widget=forms.Textarea(attrs={"rows": 14, "spellcheck": "false"}),
        error_messages={"max_length": "The text is larger than 1 MB. Leave logs out, or split it by service."},
    )
    service = forms.ModelChoiceField(
        Service.objects.order_by("name"),
        label="Service",
        required=False,
        to_field_name="slug",
        empty_label="as the document says, or a new one",
    )
    slug = forms.CharField(
        label="Short name of a new service",
        required=False,
        max_length=80,
        validators=[validate_slug],
        help_text="Letters, digits, hyphens: payment-api. Needed only if the document does not name its service.",
    )

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        file: UploadedFile[Any] | None = values.get("file")
        if file is not None and (file.size or 0) > LARGEST:
            self.add_error("file", "The file is larger than 1 MB. Leave logs out, or split it by service.")
            return values
        values["data"] = file.read() if file is not None else (values.get("text") or "").encode()
        values["file_name"] = (file.name or "") if file is not None else ""
        if not values["data"].strip():
            self.add_error("file", "Choose a file or paste the runbook's text.")
        return values

    @property
    def target(self) -> str:
        """The slug of the service to import into; empty where the document decides."""
        service = self.cleaned_data.get("service")
        return str(service.slug if service else self.cleaned_data.get("slug", ""))

    def refuse(self, error: ActionError) -> None:
        """Show beside the field why the document cannot be imported."""
        self.add_error("file" if self.cleaned_data.get("file") else "text", str(error))


class DecisionForm(forms.Form):
    """Why a proposal is turned down."""

    reason = forms.CharField(max_length=500, error_messages={"required": "Say why, so that the author can mend it."})
