"""What the files themselves must and must not have in them."""

from __future__ import annotations

import re

import pytest

from tests.repo.files import ROOT, project_files, shown, with_suffix

APPS = ("opsportal", "contacts", "services", "procedures", "incidents")
LONGEST_MODULE = 300  # lines
LONGEST_TEMPLATE = 150
# Package registries and mirrors, each written so that this file does not name it.
REGISTRIES = ["pypi[.]org", "pythonhosted[.]org", "npmjs[.]org", "deb[.]debian[.]org", "archive[.]ubuntu[.]com",
              "registry-1[.]docker[.]io", "crates[.]io", "proxy[.]golang[.]org"]  # fmt: skip


def _text(path: object) -> str:
    with open(str(path), encoding="utf-8", errors="replace") as file:
        return file.read()


def _lines(path: object) -> int:
    return _text(path).count("\n")


def test_no_file_names_a_package_registry() -> None:
    pattern = re.compile("|".join(REGISTRIES), re.IGNORECASE)
    assert [shown(path) for path in project_files() if pattern.search(_text(path))] == []


def test_no_file_names_a_place_on_somebody_s_machine() -> None:
    pattern = re.compile(r"(?<![\w.])/(home|Users|root|work)/[\w.-]+/")
    assert [shown(path) for path in project_files() if pattern.search(_text(path))] == []


def test_no_module_grows_beyond_what_one_reads_at_a_sitting() -> None:
    modules = [path for path in with_suffix(".py") if "migrations" not in path.parts]
    assert {shown(path): _lines(path) for path in modules if _lines(path) > LONGEST_MODULE} == {}


def test_no_template_grows_beyond_its_length() -> None:
    templates = with_suffix(".html", "templates")
    assert {shown(path): _lines(path) for path in templates if _lines(path) > LONGEST_TEMPLATE} == {}


@pytest.mark.parametrize(
    "pattern",
    [
        r"<script(?![^>]*\bsrc=)",
        r"<style\b",
        r"\sstyle\s*=",
        r"\son[a-z]+\s*=\s*[\"']",
        r"\|\s*safe\b",
        r"{%\s*autoescape\s+off",
        r"(src|href)\s*=\s*[\"']https?://[^\"']*\.(js|css|woff2?)\b",
    ],
)
def test_no_template_needs_an_exception_from_the_content_security_policy(pattern: str) -> None:
    found = [
        shown(path) for path in with_suffix(".html", "templates") if re.search(pattern, _text(path), re.IGNORECASE)
    ]
    assert found == []


@pytest.mark.parametrize("name", ["requirements.lock", "requirements-dev.lock"])
def test_every_locked_package_has_one_version_and_hashes(name: str) -> None:
    packages = re.split(r"\n(?=[A-Za-z0-9])", _text(ROOT / name).strip())
    assert [package.split()[0] for package in packages if "==" not in package or "--hash=sha256:" not in package] == []


def test_the_test_environment_has_the_very_versions_of_the_portal() -> None:
    pins = [set(re.findall(r"^([\w.-]+==\S+)", _text(ROOT / name), re.MULTILINE))
            for name in ("requirements.lock", "requirements-dev.lock")]  # fmt: skip
    assert pins[0] - pins[1] == set()
