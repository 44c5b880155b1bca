"""Credentials are found and never repeated; words about credentials are left alone."""

from __future__ import annotations

from datetime import date

import pytest

from opsportal.runbooks.document import Severity
from opsportal.runbooks.lint import lint
from opsportal.runbooks.parse import parse

TODAY = date(2026, 3, 10)
JWT = "eyJhbGciOiJIUzI1NiJ9" + ".eyJzdWIiOiIxMjM0NTY3ODkwIn0" + ".dozjgNryP4J3jVmNHl0w5N"
SECRETS = {
    "admin/admin": "Log in as admin/admin.",
    "root:toor": "Console: root:toor",
    "hunter2x": "Password: hunter2x",
    "S3cret!pw": "postgres://shop:S3cret!pw@db.shop.example:5432/shop",
    "s3cr3t": "PGPASSWORD=s3cr3t psql -h db",
    "abc123def": "export API_KEY=abc123def",
    "topsecret9": "mysqldump -u shop -ptopsecret9 shop",
    "pa55word": "curl -u shop:pa55word https://api.shop.example",
    "AKIA" + "Q3EXAMPLE0000077": "key " + "AKIA" + "Q3EXAMPLE0000077",
    "wJalrXUtnFEMI0K7MDENG0bPxRfiCY0000000KEY": "aws_secret_access_key = wJalrXUtnFEMI0K7MDENG0bPxRfiCY0000000KEY",
    JWT: f"Authorization: Bearer {JWT}",
    "ghp_" + "a1B2" * 9: "token ghp_" + "a1B2" * 9,
    "MIIEpAIBAAKCAQEA": "-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n",
}
HARMLESS = [
    "Password: see the vault",
    "Password: <password>",
    "PGPASSWORD=$DB_PASSWORD psql",
    "export TOKEN=${TOKEN}",
    "chown root:root /etc/shop",
    "https://user:password@host/",
    "curl -u $USER:$PASS https://a",
    "mysql -p",
    "Authorization: Bearer <token>",
    "API_KEY=your-api-key",
    "docs/admin/admin.md",
    "SECRET=********",
    "Reset the password: contact the DBA",
    "git@host:team/repo",
    "10:30/11:00",
    "postgres://db:5432/shop",
]


def found(text: str) -> list[tuple[int, str, str]]:
    document = parse(f"# Shop\n\n```\n{text}\n```\n".encode())
    return [
        (problem.line, problem.severity.value, problem.message)
        for problem in lint(document, today=TODAY)
        if problem.rule == "credential"
    ]


@pytest.mark.parametrize("secret", SECRETS, ids=[str(n) for n in range(len(SECRETS))])
def test_a_credential_is_an_error_whose_message_does_not_repeat_it(secret: str) -> None:
    report = found(SECRETS[secret])
    assert [(line, severity) for line, severity, _ in report] == [(4, Severity.ERROR.value)]
    assert secret not in report[0][2]
    assert "•" in report[0][2]


@pytest.mark.parametrize("text", HARMLESS)
def test_words_about_credentials_are_not_credentials(text: str) -> None:
    assert found(text) == []
