"""Objects on their way: what is refused, what is lost, and that the next run sends the rest.

The application entities are real ones of pynetdicom on the loopback interface, the web servers Python's own.
"""

from __future__ import annotations

import shutil
import socket
import ssl
import subprocess
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from pynetdicom import AE, evt
from pynetdicom.presentation import AllStoragePresentationContexts

from LongitudinalINRLib.dicom_out.output import OutputFolder
from LongitudinalINRLib.dicom_out.sending.credentials import (
    PASSWORD,
    TOKEN,
    USER,
    Credentials,
    find_credentials,
)
from LongitudinalINRLib.dicom_out.sending.send import send
from LongitudinalINRLib.dicom_out.sending.store import StoreDestination, parse_entity
from LongitudinalINRLib.dicom_out.sending.stow import StowDestination
from LongitudinalINRLib.dicom_out.sending.tls import Tls
from LongitudinalINRLib.errors import InputError, NotSent
from LongitudinalINRLib.jobs.failures import explain

OUT_OF_RESOURCES = 0xA700


@pytest.fixture
def small(exported, tmp_path):
    """Return a copy of the export and its five smallest objects."""
    folder = OutputFolder(Path(shutil.copytree(exported.folder.path, tmp_path / "copy")))
    sizes = {item.name: (folder.path / item.name).stat().st_size for item in exported.stored}
    return folder, sorted(exported.stored, key=lambda item: sizes[item.name])[:5]


@contextmanager
def entity(answer, tls=None):
    """Run an application entity; `answer` takes the number of the object and gives its status."""
    got: list[str] = []

    def take(event):
        status = answer(len(got))
        if status == 0:
            got.append(event.dataset.SOPInstanceUID)
        return status

    ae = AE(ae_title="PACS")
    ae.require_called_aet = True
    ae.supported_contexts = AllStoragePresentationContexts
    server = ae.start_server(
        ("127.0.0.1", 0), block=False, evt_handlers=[(evt.EVT_C_STORE, take)], ssl_context=tls
    )
    try:
        yield server.socket.getsockname()[1], got
    finally:
        server.shutdown()


def to(port, title="PACS", **settings):
    return StoreDestination(title, "127.0.0.1", port, "LONGINR", 5.0, **settings)


def test_a_pacs_that_stops_taking_gets_only_the_rest_the_next_time(small):
    folder, stored = small
    full = True
    with entity(lambda number: OUT_OF_RESOURCES if full and number >= 2 else 0) as (port, got):
        with pytest.raises(NotSent) as caught:
            send(folder, stored, to(port))
        assert "2 of 5 objects were taken" in caught.value.found
        assert "status 0xA700, out of resources" in caught.value.found
        assert all(item.name in caught.value.found for item in stored[2:])
        full = False
        assert send(folder, stored, to(port)) == 3
        assert got == [item.sop_instance for item in stored]
        assert send(folder, stored, to(port)) == 0
    assert explain(caught.value)[1] == 5


def test_a_destination_is_told_apart_from_another(small):
    folder, stored = small
    with entity(lambda _: 0) as (port, _), entity(lambda _: 0) as (other, got):
        send(folder, stored[:1], to(port))
        assert send(folder, stored[:1], to(other)) == 1
    assert got == [stored[0].sop_instance]


def test_a_title_that_is_not_known_there_is_told(small):
    with entity(lambda _: 0) as (port, _), pytest.raises(NotSent, match="AE titles"):
        send(*small, to(port, "OTHER"))


def test_silence_ends_after_the_time_that_was_given(small):
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        for destination in (
            StoreDestination("PACS", "127.0.0.1", port, "LONGINR", 1.0),
            StowDestination(f"http://127.0.0.1:{port}/dicom-web", 1.0),
        ):
            with pytest.raises(NotSent, match="0 of 5 objects were taken"):
                send(*small, destination)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # a socket of pynetdicom's
def test_nobody_there_is_told(small):
    with socket.create_server(("127.0.0.1", 0)) as server:
        port = server.getsockname()[1]
    for destination in (to(port), StowDestination(f"http://127.0.0.1:{port}/dicom-web", 1.0)):
        with pytest.raises(NotSent, match="could not be reached"):
            send(*small, destination)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    """Make a certificate for the loopback interface."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl is not installed")
    folder = tmp_path_factory.mktemp("tls")
    command = (
        "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test"
    )
    command += " -addext subjectAltName=IP:127.0.0.1 -keyout key.pem -out cert.pem"
    subprocess.run(command.split(), cwd=folder, check=True, capture_output=True)
    return folder / "cert.pem", folder / "key.pem"


@pytest.fixture
def server_tls(certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    return context


def test_a_secured_entity_takes_objects_if_its_certificate_is_trusted(small, certificate, server_tls):
    folder, stored = small
    with entity(lambda _: 0, server_tls) as (port, got):
        with pytest.raises(NotSent, match="could not be reached"):
            send(folder, stored, to(port, tls=Tls()))
        assert send(folder, stored, to(port, tls=Tls(authority=certificate[0]))) == 5
    assert len(got) == 5


def test_a_secured_web_server_is_sent_to_only_if_its_certificate_is_trusted(small, certificate, server_tls):
    folder, stored = small
    seen: list[str] = []

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(self.headers["Authorization"])
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(403)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *arguments):
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = server_tls.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        url = f"https://127.0.0.1:{server.server_port}/dicom-web"
        with pytest.raises(NotSent, match="certificate was not accepted"):
            send(folder, stored, StowDestination(url, 5.0, Credentials(token="secret")))
        assert seen == []
        trusted = StowDestination(url, 5.0, Credentials(token="secret"), Tls(certificate[0]))
        with pytest.raises(NotSent, match="HTTP 403"):
            send(folder, stored, trusted)
        assert seen == ["Bearer secret"]
        assert "secret" not in repr(trusted)
    finally:
        server.shutdown()
        server.server_close()


@pytest.mark.parametrize("text", ["PACS", "PACS@host", "@host:1", "PACS@host:0", f"{17 * 'A'}@h:1", "P@:1"])
def test_an_address_of_another_form_is_refused(text):
    with pytest.raises(InputError) as caught:
        parse_entity(text)
    assert caught.value.code == "option-format"


def test_addresses_are_read():
    assert parse_entity("MY PACS@pacs.example.org:4242") == ("MY PACS", "pacs.example.org", 4242)
    assert parse_entity("PACS@[::1]:104") == ("PACS", "::1", 104)


@pytest.mark.parametrize(
    ("url", "found"),
    [
        ("https://me:secret@pacs.example.org/dicom-web", "credentials on the command line"),
        ("http://pacs.example.org/dicom-web", "http to another machine"),
        ("ftp://pacs.example.org", "something else"),
        ("pacs.example.org", "something else"),
    ],
)
def test_credentials_are_never_on_the_command_line_or_sent_in_the_open(url, found):
    with pytest.raises(InputError) as caught:
        StowDestination(url, 1.0, Credentials("me", "secret"))
    assert caught.value.found.startswith(found)
    assert "secret" not in str(caught.value)


def test_credentials_come_from_a_file_of_its_owner_or_the_environment(tmp_path):
    file = tmp_path / "credentials"
    file.write_text("me:se:cret\n")
    file.chmod(0o600)
    assert find_credentials(file, {TOKEN: "other"}) == Credentials("me", "se:cret")
    file.write_text("Bearer abc\n")
    assert find_credentials(file) == Credentials(token="abc")
    file.chmod(0o644)
    with pytest.raises(InputError, match="others can read"):
        find_credentials(file)
    assert find_credentials(None, {USER: "me", PASSWORD: "x"}) == Credentials("me", "x")
    assert find_credentials(None, {TOKEN: "abc"}) == Credentials(token="abc")
    assert find_credentials(None, {}) is None
