"""A bound for what one request may upload, so that nobody fills the disk before a page can refuse the file."""

from __future__ import annotations

from typing import Any

from django.core.files.storage import FileSystemStorage
from django.core.files.uploadhandler import FileUploadHandler

LARGEST = 8_000_000  # bytes of one file that any page takes
CUT = LARGEST + 100_000


class CutOff(FileUploadHandler):
    """Lets the files of a request pass up to a little more than the largest that is taken, and drops the rest.

    What was cut is larger than the limit, so the page that gets it refuses it with its own words, beside its field.
    """

    passed = 0

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes | None:
        if self.passed > CUT:
            return None
        self.passed += len(raw_data)
        return raw_data

    def file_complete(self, file_size: int) -> Any:
        return None


class PrivateFiles(FileSystemStorage):
    """A folder that no address leads to: a view hands its files out, or nobody does."""

    def url(self, name: str | None) -> str:
        raise NotImplementedError("These files have no address.")
