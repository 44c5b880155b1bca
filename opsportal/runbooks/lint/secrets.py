"""Text that looks like a credential. Messages name the kind and the line, never the secret."""

from __future__ import annotations

import re

from opsportal.runbooks.lint.findings import Findings

# A value that is no secret: a variable, a place left open, an example.
_OPEN = r"(?![\"'`]?(?:\$|<|\[|\{|\*{2,}|x{3,}|\.{3}|your|change_?me_?here|redacted|secret[- ]?name|%\(|\())"
_NAME = (
    r"(?:[A-Z][A-Z0-9_]*_)?"
    r"(?:PASSWORD|PASSWD|PWD|SECRET|SECRET_KEY|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CLIENT_SECRET)"
)
_TOKENS = (
    r"(?<![\w-])(?:gh[pousr]_\w{30,255}|github_pat_\w{30,255}|glpat-[\w-]{18,64}|xox[abprs]-[\w-]{10,200}"
    r"|sk_live_\w{16,128}|rk_live_\w{16,128}|AIza[\w-]{35}|SG\.[\w-]{16,64}\.[\w-]{16,64}|npm_\w{36}"
    r"|hvs\.[\w-]{20,200})"
)
_ADDRESS = (
    rf"\b[a-z][a-z0-9+.-]{{1,20}}://(?!user(?:name)?:pass(?:word)?@)[^\s:/@\"'`<>\[\]]{{0,80}}"
    rf":{_OPEN}[^\s/@\"'`<>]{{2,128}}@[\w\[.-]"
)
_VARIABLE = rf"(?<![\w$-])(?:PGPASSWORD|MYSQL_PWD|REDISCLI_AUTH|SSHPASS|{_NAME})={_OPEN}[\"']?[^\s\"'`;|&]{{3,200}}"
_OPTION = (
    rf"(?:--(?:password|pass|passwd|token|api-?key|secret)[= ]{_OPEN}[\"']?[^\s\"'`-][^\s\"'`]{{2,128}}"
    rf"|\bcurl\b[^\n|]{{0,200}}\s(?:-u|--user)[ =]?{_OPEN}[\"']?[\w.@-]{{1,64}}:{_OPEN}[^\s\"'`]{{2,128}}"
    rf"|\bmysql(?:dump|admin)?\b[^\n|]{{0,200}}\s-p{_OPEN}[^\s\"'`-][^\s\"'`]{{3,64}})"
)
_KINDS: tuple[tuple[str, re.Pattern[str]], ...] = (
    ("a private key", re.compile(r"-----BEGIN (?:[A-Z]{2,12} ){0,3}PRIVATE KEY(?: BLOCK)?-----")),
    ("an AWS access key", re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[0-9A-Z]{16}(?![0-9A-Z])")),
    ("an AWS secret key", re.compile(r"(?i)aws_?secret_?(?:access_?)?key\W{1,10}[A-Za-z0-9/+=]{40}")),
    ("a JSON web token", re.compile(r"(?<![\w-])eyJ[\w-]{8,2000}\.eyJ[\w-]{8,4000}\.[\w-]{8,2000}")),
    ("an access token", re.compile(_TOKENS)),
    ("a bearer token", re.compile(rf"(?i)\bbearer\s{{1,3}}{_OPEN}[\w+/=.~-]{{24,2000}}")),
    ("an address with a password in it", re.compile(_ADDRESS)),
    ("a password in a variable", re.compile(_VARIABLE)),
    ("a password on a command line", re.compile(_OPTION)),
)
_PRODUCTS = "postgres|grafana|elastic|kibana|rabbitmq|tomcat|minio|minioadmin|jenkins|nexus|sonar"
_DEFAULT = re.compile(
    rf"(?i)(?<![\w/.:@-])(?P<user>admin|administrator|root|guest|sa|{_PRODUCTS})\s?(?P<mark>[/:])\s?"
    rf"(?P<password>admin\d{{0,4}}|administrator|root|toor|guest|{_PRODUCTS}|password\d{{0,3}}|passw0rd|p@ssw0rd!?"
    r"|change_?me|secret|default|123456?7?8?|prom-operator)(?![\w/:@-]|\.\w)"
)
_LOGIN = re.compile(
    r"(?i)log ?in|sign in|password|passwort|credential|username|benutzer|default|mot de passe|contraseña|senha|zugang"
)
_PROSE = re.compile(
    r"(?i)\b(?:password|passwd|passphrase|passwort|kennwort|mot de passe|contraseña|senha|密码)(?: is|\*\*)?\s{0,3}"
    r"[:=：]\*{0,2}\s{0,3}(?P<quote>[\"'`]?)(?P<value>[^\s\"'`|,;)]{4,64})(?P=quote)"
)
_OWNER = re.compile(r"\bch(?:own|grp)\b|--owner|--chown|\binstall -o|\bfsGroup\b")
_WEAK = re.compile(r"(?i)admin|root|password|changeme|secret|letmein|guest|default|postgres|welcome|qwerty")
_HINT = "Move it to the secret store, name the place here, and change it: everybody who read this has it."


def check(findings: Findings) -> None:
    """Report every line that holds what looks like a credential."""
    text = findings.document.text
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            findings.error(
                findings.line_at(match.start()),
                "credential",
                f"This looks like {kind}: “{_masked(match.group())}”.",
                _HINT,
            )
    for match in _DEFAULT.finditer(text):
        if _is_login(text, match):
            pair = f"{match['user']}{match['mark']}••••"
            findings.error(
                findings.line_at(match.start()),
                "credential",
                f"This looks like a user and a password: “{pair}”.",
                _HINT,
            )
    for match in _PROSE.finditer(text):
        if _is_password(match["value"], bool(match["quote"])):
            findings.error(findings.line_at(match.start()), "credential", "This looks like a password: “••••”.", _HINT)


def _masked(secret: str) -> str:
    """At most the part in front of the secret: `PGPASSWORD=••••`, `AKIA••••`."""
    head = re.match(
        r"-----BEGIN|AKIA|ASIA|[A-Za-z_]{1,40}=|--[a-z-]{1,20}[= ]|[a-z][a-z0-9+.-]{1,20}://|[A-Za-z]{2,8}[-_ ]", secret
    )
    return f"{head.group() if head else ''}••••"


def _is_login(text: str, match: re.Match[str]) -> bool:
    """`chown root:root` is an owner, `admin/admin` a login."""
    start = text.rfind("\n", 0, match.start()) + 1
    end = text.find("\n", match.end())
    line = text[start : end if end >= 0 else len(text)]
    if _OWNER.search(line):
        return False
    twins = match["user"].lower() == match["password"].lower()
    return (
        bool(_LOGIN.search(line))
        or (match["mark"] == "/" and (twins or match["password"].lower() != "default"))
        or not twins
    )


def _is_password(value: str, quoted: bool) -> bool:
    """A value that is a secret, not a word about one (`Password: see vault`) nor a place left open."""
    if re.match(r"[$<\[{*(]|x{3,}|\.{3}|https?:|/|your|see\b|vault|stored|reset|none|n/a|\*", value, re.IGNORECASE):
        return False
    mixed = bool(re.search(r"\d", value)) or bool(re.search(r"[^\w.:/-]", value))
    return bool(_WEAK.fullmatch(value)) or mixed or (quoted and value.isascii())
