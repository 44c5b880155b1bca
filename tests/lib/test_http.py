"""The guarded client: where it may not go, over real sockets, and how long it waits at most."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from opsportal.lib import http
from opsportal.lib.addresses import Reach
from tests.peers.web_server import Reply, WebServer

INTERNAL = [
    "127.0.0.1", "127.255.255.254", "0.0.0.0", "10.0.0.1", "172.16.0.1", "192.168.0.1", "169.254.169.254",
    "100.64.0.1", "100.100.100.200", "192.0.0.8", "192.0.2.1", "198.18.0.1", "224.0.0.251", "239.255.255.250",
    "240.0.0.1", "255.255.255.255", "192.88.99.1",
    "::1", "::", "fe80::1", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1", "2001:db8::1", "100::1", "4000::1",
    "::ffff:127.0.0.1", "::ffff:169.254.169.254", "::127.0.0.1", "::ffff:0:127.0.0.1",
    "64:ff9b::a9fe:a9fe", "64:ff9b::7f00:1", "64:ff9b:1::7f00:1", "2002:a9fe:a9fe::", "2002:7f00:1::1",
    "2001:0:a9fe:a9fe::", "2001:0:4136:e378:8000:63bf:80ff:fffe",
]  # fmt: skip
OPEN = ["93.184.216.34", "1.1.1.1", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::101:101"]
NO_URL = [
    "", "ftp://a.example/", "file:///etc/passwd", "gopher://a.example/", "//a.example", "a.example", "http://",
    "http://user@a.example/", "http://user:word@a.example/", "http://a.example:99999/", "http://[::1", "javascript:1",
    "http://a.example:22/", "https://a.example:6379/", "http://" + "a" * 70 + ".example/", "http://a..example/",
]  # fmt: skip
EVERYBODY = Reach()


@pytest.fixture
def server() -> Iterator[WebServer]:
    made = WebServer()
    made.start()
    yield made
    made.stop()


@pytest.fixture
def reach(server: WebServer) -> Reach:
    return Reach.of(["127.0.0.1"], [server.port])


@pytest.mark.parametrize("address", INTERNAL)
def test_no_internal_address_is_allowed_however_it_is_written(address: str) -> None:
    assert not EVERYBODY.allows("a.example", address)


@pytest.mark.parametrize("address", OPEN)
def test_the_open_internet_is_allowed(address: str) -> None:
    assert EVERYBODY.allows("a.example", address)


@pytest.mark.parametrize("url", NO_URL)
def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(http.NotAllowed):
        http.request("GET", url, reach=EVERYBODY)


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1"])
def test_nothing_is_sent_to_this_machine_unless_it_is_allowed(host: str, server: WebServer) -> None:
    with pytest.raises((http.NotAllowed, http.NotReached)):
        http.request("GET", f"http://{host}:{server.port}/", reach=Reach.of([], [server.port]))
    assert server.requests == []


def test_an_administrator_allows_networks_hosts_and_ports(server: WebServer) -> None:
    for allowed in ("127.0.0.0/8", "127.0.0.1", "localhost"):
        answer = http.request("GET", f"http://localhost:{server.port}/x?q=1", reach=Reach.of([allowed], [server.port]))
        assert (answer.status, answer.body) == (200, b"ok")
    assert server.requests[0].path == "/x?q=1"
    with pytest.raises(http.NotAllowed, match="Port"):
        http.request("GET", f"http://localhost:{server.port}/", reach=Reach.of(["localhost"]))
    with pytest.raises(ValueError, match="network"):
        Reach.of(["10.0.0.1/8/9"])


def test_a_name_that_changes_its_mind_gains_nothing(server: WebServer, monkeypatch: pytest.MonkeyPatch) -> None:
    """The address is checked at the connection: a second answer of the name server is never asked for."""
    answers = iter(["93.184.216.34", "127.0.0.1"])
    asked: list[str] = []

    def rebind(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        asked.append(next(answers))
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (asked[-1], port))]

    def nobody(self: socket.socket, address: tuple[str, int]) -> None:
        assert address[0] == "93.184.216.34"
        raise ConnectionRefusedError(111, "Connection refused")

    monkeypatch.setattr(socket, "getaddrinfo", rebind)
    monkeypatch.setattr(socket.socket, "connect", nobody)
    reach = Reach.of([], [server.port])
    with pytest.raises(http.NotReached):
        http.request("GET", f"http://rebind.example:{server.port}/", reach=reach)
    assert asked == ["93.184.216.34"]
    with pytest.raises(http.NotAllowed):
        http.request("GET", f"http://rebind.example:{server.port}/", reach=reach)
    assert server.requests == []


def test_of_a_name_with_good_and_bad_addresses_only_the_good_are_tried(
    server: WebServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    def both(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (ip, port)) for ip in ("169.254.169.254", "127.0.0.1")]

    monkeypatch.setattr(socket, "getaddrinfo", both)
    answer = http.request("GET", f"http://a.example:{server.port}/", reach=Reach.of(["127.0.0.1"], [server.port]))
    assert answer.status == 200


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_a_redirect_is_an_answer_and_is_not_followed(status: int, server: WebServer, reach: Reach) -> None:
    server.behave = lambda _: Reply(status, {"Location": f"{server.url}/secret"})
    assert http.request("POST", f"{server.url}/", reach=reach, body=b"x").status == status
    assert [request.path for request in server.requests] == ["/"]


def test_no_proxy_of_the_environment_is_asked(server: WebServer, reach: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert http.request("GET", f"{server.url}/", reach=reach).status == 200


def test_no_more_is_read_than_was_asked_for(server: WebServer, reach: Reach) -> None:
    server.behave = lambda _: Reply(body=b"x" * 3_000_000)
    assert len(http.request("GET", f"{server.url}/", reach=reach).body) == 1_000_000
    assert http.request("GET", f"{server.url}/", reach=reach, most=0).body == b""


@pytest.mark.parametrize("reply", [Reply(wait=5), Reply(drip=0.2), Reply(body=b"x" * 400, drip=0.05)])
def test_the_time_is_limited_in_all_however_the_other_side_delays(
    reply: Reply, server: WebServer, reach: Reach
) -> None:
    server.behave = lambda _: reply
    began = time.monotonic()
    with suppress(http.NoAnswer):
        http.request("GET", f"{server.url}/", reach=reach, limit=0.6)
    assert time.monotonic() - began < 1.5


def test_a_handshake_that_never_ends_is_cut_too(reach: Reach, server: WebServer) -> None:
    silent = socket.create_server(("127.0.0.1", 0))
    port = silent.getsockname()[1]
    began = time.monotonic()
    with silent, pytest.raises(http.NotReached):
        http.request("GET", f"https://127.0.0.1:{port}/", reach=Reach.of(["127.0.0.1"], [port]), limit=0.5)
    assert time.monotonic() - began < 1.5


def test_a_name_server_that_hangs_is_not_waited_for(reach: Reach, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_, **__: time.sleep(2))
    began = time.monotonic()
    with pytest.raises(http.NotReached, match="in time"):
        http.request("GET", "http://slow.example/", reach=reach, limit=0.3)
    assert time.monotonic() - began < 1


@pytest.mark.parametrize("name", ["127.0.0.1", "other.example"])
def test_a_certificate_nobody_vouches_for_is_refused(name: str, tmp_path: Path) -> None:
    server = WebServer(certificate=_certificate(tmp_path, name))
    server.start()
    try:
        with pytest.raises(http.NotReached, match="self-signed certificate"):
            http.request("GET", f"https://127.0.0.1:{server.port}/", reach=Reach.of(["127.0.0.1"], [server.port]))
        assert server.requests == []
    finally:
        server.stop()


def test_a_certificate_of_another_name_is_refused_and_the_right_one_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificate = _certificate(tmp_path, "hooks.example")
    monkeypatch.setenv("SSL_CERT_FILE", certificate)
    server = WebServer(certificate=certificate)
    server.start()
    real = socket.getaddrinfo
    monkeypatch.setattr(socket, "getaddrinfo", lambda host, port, **how: real("127.0.0.1", port, **how))
    reach = Reach.of(["127.0.0.1"], [server.port])
    try:
        assert http.request("GET", f"https://hooks.example:{server.port}/", reach=reach).status == 200
        with pytest.raises(http.NotReached, match="Hostname mismatch"):
            http.request("GET", f"https://other.example:{server.port}/", reach=reach)
    finally:
        server.stop()


def test_nobody_there_is_told_apart_from_no_answer(server: WebServer, reach: Reach) -> None:
    server.stop()
    with pytest.raises(http.NotReached, match="connection refused"):
        http.request("GET", f"{server.url}/", reach=reach)
    with pytest.raises(http.NotReached, match=r"no host|not found"):
        http.request("GET", "http://nowhere.invalid/", reach=reach)


def test_headers_cannot_be_smuggled_in(server: WebServer, reach: Reach) -> None:
    with pytest.raises(http.NotAllowed):
        http.request("GET", f"{server.url}/", reach=reach, headers={"X": "1\r\nY: 2"})
    http.request("GET", f"{server.url}/a b\u00e9\r\nX-Evil: 1", reach=reach)
    assert server.requests[-1].path == "/a%20b%C3%A9X-Evil:%201"


def _certificate(folder: Path, name: str) -> str:
    """A self-signed certificate for a name or address, with its key, in one file."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    known: x509.GeneralName = x509.IPAddress(ip_address(name)) if name[0].isdigit() else x509.DNSName(name)
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([known]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + made.public_bytes(Encoding.PEM)
    path = folder / "certificate.pem"
    path.write_bytes(pem)
    return str(path)
