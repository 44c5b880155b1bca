"""What a fence holds: whether it can be run, and which steps its comments name."""

from __future__ import annotations

import re
from dataclasses import dataclass

from opsportal.runbooks.parse.blocks import Node
from opsportal.runbooks.parse.wordset import word_set

SHELLS = word_set(
    """
    bash sh shell zsh fish console shell-session shellsession terminal cmd bat batch dos powershell ps1 pwsh
    posh bash-session command commands cli
    """
)
QUERIES = word_set(
    """
    sql psql postgresql postgres mysql plsql tsql promql logql kql kusto cypher mongodb mongo redis cql influxql
    spl esql flux
    """
)
SCRIPTS = frozenset(["python", "py", "python3", "ruby", "rb", "perl", "javascript", "js"])
_PROGRAM = re.compile(
    r"^(?:def|class|async def|function|export|import \{|const \w+ = (?:async )?\(|module\.exports|public|package|func|fn)\b",
    re.M,
)
_SETTING = re.compile(
    r"^(?:export[ ]+|set[ ]+|\$env:)?[A-Za-z_][A-Za-z0-9_.]*[ ]?=[ ]?(?:\"[^\"]*\"|'[^']*'|[^\s()]*)(?:[ \t]+#.*)?$"
)
_COMMAND = word_set(
    """
    ansible ansible-playbook apt apt-get argocd aws az awk brew cat cd celery certbot chmod chown chroot consul
    cp cqlsh crictl crontab ctr curl cut date dd df dig docker docker-compose du echo env etcdctl export find
    flux free gcloud gh git grep gunzip gzip head helm host hostname htop http ip iptables java journalctl jq
    kafka-topics kafka-topics.sh kill killall knife kubectl kubectx less ln logrotate ls lsof make man mkdir
    mongo mongodump mongorestore mongosh mount mv mysql mysqldump nc net netstat nginx node nomad npm npx
    nslookup ntpq openssl patronictl pg_ctl pg_dump pg_restore pgrep php ping pip pkill pm2 podman ps psql
    python python3 rabbitmqctl rails rake redis-cli rm rsync ruby sar scp sed service sh sleep sort ss ssh stat
    strace su sudo supervisorctl swapoff swapon systemctl tail tar tcpdump tee telnet terraform timedatectl top
    touch traceroute truncate umount uname uptime vault vi vim virsh vmstat wget which yarn yum zcat zgrep
    bundle chef-client gitlab-ctl gitlab-rails tctl bq gsutil kafka-consumer-groups velero istioctl oc kubeadm
    etcd nodetool
    """
)
_SQL = re.compile(
    r"^(?:select|update|delete|insert|alter|create|drop|vacuum|analyze|explain|show|truncate|grant|reindex)\b.*", re.I
)
_COMMENT = re.compile(r"^[ \t]*(?:#+(?!!)|--+(?=[ \t])|//|::|(?i:rem)(?=[ \t])|;+)[ \t]*(?P<text>.*)$")
_NUMBERED = re.compile(
    r"^(?:(?:step|etape|étape|schritt|paso|passo|步骤)[ ]*#?)?\d{1,3}[ ]*(?:[.):]|[–—-](?=[ ]))[ ]*(?=\S)", re.I
)
_ALTERNATIVE = re.compile(r"^(?:or|alternatively|oder|ou|o|或|或者)[:.… ]*$", re.I)
_NO_ACTION = re.compile(
    r"^(?:(?:expected|sample|example)?[ ]*(?:output|result|response)s?\b.*:?|=+>?.*|-{2,}.*|\W*|https?://\S+|returns?:.*|e\.g\..*|example:.*)$",
    re.I,
)
_HEREDOC = re.compile(r"<<-?[ ]*(['\"]?)([A-Za-z_]\w*)\1")
_TODO = re.compile(r"\b(?:TODO|FIXME|TBD)\b")


@dataclass(slots=True)
class Piece:
    """A part of a fence that one comment names: `comment` is the index of its line, -1 where there is none; its
    commands stand from there up to line `last`, and above it too if it `leads`."""

    text: str
    comment: int
    last: int
    column: int = 0
    leads: bool = False


def language(info: str) -> str:
    return re.split(r"[\s,{:]", info.strip().lower(), maxsplit=1)[0].lstrip(".") if info.strip() else ""


def is_runnable(node: Node) -> bool:
    """Whether a person runs what a fence holds: shell, SQL, a query or a script; no settings, output or program source."""
    lines = [line.text.strip() for line in node.lines if line.text.strip()]
    lang = language(node.info)
    commands = [text for text in lines if not _COMMENT.match(text)]
    if not lines:
        return False
    if lang in SHELLS:
        return not commands or not all(_SETTING.match(text) for text in commands)
    if lang in QUERIES:
        return True
    if lang in SCRIPTS:
        return (
            bool(commands) and not _PROGRAM.search("\n".join(commands)) and not all(_SETTING.match(t) for t in commands)
        )
    return lang in ("", "text", "txt", "plain", "plaintext") and bool(commands) and _looks_runnable(commands[0])


def _looks_runnable(first: str) -> bool:
    if first.startswith(("$ ", "# ", "> ", "PS>", "./", "sudo ")) or re.match(r"[\w@~:./-]*[$#>][ ]\S", first):
        return True
    return first.split(maxsplit=1)[0] in _COMMAND or bool(_SQL.match(first) and first.endswith((";", "*")))


def todo_line(node: Node) -> int:
    """The number (from 0) of the first line that says something is still to be written, or -1."""
    return next((node.first + 1 + n for n, line in enumerate(node.lines) if _TODO.search(line.text)), -1)


def has_command(node: Node) -> bool:
    return any(line.text.strip() and not _COMMENT.match(line.text) for line in node.lines)


def split(node: Node) -> list[Piece]:
    """The pieces of a runnable fence: one per numbered comment, else one per comment that names an action, else one."""
    comments = _comments([line.text for line in node.lines], hashes_only=language(node.info) in SHELLS)
    numbered = [piece for piece in comments if _NUMBERED.match(piece.text)]
    chosen = numbered or _actions(comments, node)
    if not chosen:
        return [Piece("", -1, len(node.lines))]
    chosen[0].leads = True
    for piece, following in zip(chosen, [*chosen[1:], None], strict=True):
        piece.last = following.comment if following else len(node.lines)
    return chosen


def _comments(texts: list[str], *, hashes_only: bool) -> list[Piece]:
    """Comment lines at their places, without those inside a here-document or a quoted text of several lines."""
    found: list[Piece] = []
    until, quote = "", ""
    last_quote = max((number for number, text in enumerate(texts) if '"' in text), default=-1)
    for number, text in enumerate(texts):
        if until:
            until = "" if text.strip() == until else until
            continue
        match = _COMMENT.match(text) if not quote else None
        if match and hashes_only and text.lstrip().startswith(("-", ";", "//")):
            match = None
        if match:
            found.append(Piece(match["text"].rstrip(), number, number + 1, match.start("text")))
            continue
        quote = _open_quote(text, quote) if number < last_quote else ""
        here = _HEREDOC.search(text)
        until = here[2] if here and not quote else ""
    return found


def _open_quote(text: str, quote: str) -> str:
    """The quote still open behind `text` if `quote` was open before it."""
    escaped = False
    for character in text:
        if escaped:
            escaped = False
        elif character == "\\" and quote != "'":
            escaped = True
        elif character in "\"'" and quote in ("", character):
            quote = "" if quote else character
    return quote if quote == '"' else ""


def _actions(comments: list[Piece], node: Node) -> list[Piece]:
    """Comments that name an action: the first of a run, with a command below; not the script's title, not `# or`."""
    texts = [line.text for line in node.lines]
    places = {piece.comment for piece in comments}
    leading = _leading(texts, places)
    chosen: list[Piece] = []
    previous = -2
    for piece in comments:
        follows, previous = piece.comment == previous + 1, piece.comment
        if _ALTERNATIVE.match(piece.text) or _NO_ACTION.match(piece.text) or (follows and chosen):
            continue
        later = piece.comment < comments[-1].comment
        if leading[piece.comment] and not (later and not chosen and _is_title(piece, places, texts)):
            chosen.append(piece)
    return chosen


def _is_title(piece: Piece, places: set[int], texts: list[str]) -> bool:
    """A first comment that is parted by a blank line from the next comment speaks of the whole script."""
    if any(text.strip() and not text.startswith("#") for text in texts[: piece.comment]):
        return False
    line = piece.comment + 1
    while line in places:
        line += 1
    return line < len(texts) and not texts[line].strip()


def _leading(texts: list[str], places: set[int]) -> list[bool]:
    """For each line whether a command stands below it, before a comment that a blank line parts from it."""
    leading = [False] * len(texts)
    answer = False
    for number in range(len(texts) - 1, -1, -1):
        leading[number] = answer
        if not texts[number].strip():
            continue
        if number not in places:
            answer = True
        elif number and not texts[number - 1].strip():
            answer = False
    return leading
