"""The same over real servers on loopback: S3 (moto), SFTP (asyncssh), WebDAV (wsgidav), of `studyapp[stores]`."""

import asyncio
import gc
import socket
import threading
import warnings
from urllib import request
from uuid import uuid4

import pytest

from studyapp.sync.place import FolderPlace, PlaceError, RemotePlace, open_place
from tests.sync.conftest import FlakyPlace

pytestmark = [
    pytest.mark.resilience,
    pytest.mark.filterwarnings("ignore"),
]


@pytest.fixture(autouse=True)
def what_servers_leave_open():
    """Servers of others leave sockets to the collector of garbage; it finds them here, where nobody minds."""
    yield
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        gc.collect()


@pytest.fixture
def folder_store(tmp_path):
    (tmp_path / "shared").mkdir()
    return FolderPlace(tmp_path / "shared")


@pytest.fixture
def s3_store():
    pytest.importorskip("s3fs")
    server = pytest.importorskip("moto.server")
    running = server.ThreadedMotoServer(ip_address="127.0.0.1", port=0)
    running.start()
    host, port = running.get_host_and_port()
    bucket = f"bucket-{uuid4()}"
    endpoint = f"http://{host}:{port}"
    options = {"key": "x", "secret": "y", "client_kwargs": {"endpoint_url": endpoint, "region_name": "us-east-1"}}
    with request.urlopen(request.Request(f"{endpoint}/{bucket}", method="PUT")):
        yield RemotePlace(f"s3://{bucket}/study", options)
    running.stop()


@pytest.fixture
def sftp_store(tmp_path):
    asyncssh = pytest.importorskip("asyncssh")
    pytest.importorskip("sshfs")
    (tmp_path / "served").mkdir()
    loop = asyncio.new_event_loop()

    class AnyPassword(asyncssh.SSHServer):
        def begin_auth(self, username):
            return True

        def password_auth_supported(self):
            return True

        def validate_password(self, username, password):
            return (username, password) == ("me", "secret")

    async def serve():
        key = asyncssh.generate_private_key("ssh-ed25519")
        return await asyncssh.create_server(
            AnyPassword, "127.0.0.1", 0, server_host_keys=[key],
            sftp_factory=lambda channel: asyncssh.SFTPServer(channel, chroot=str(tmp_path / "served")),
        )  # fmt: skip

    server = loop.run_until_complete(serve())
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    port = server.sockets[0].getsockname()[1]
    yield RemotePlace(f"sftp://me:secret@127.0.0.1:{port}/study", {"known_hosts": None})
    loop.call_soon_threadsafe(server.close)
    loop.call_soon_threadsafe(loop.stop)
    thread.join(5)
    loop.close()


@pytest.fixture
def webdav_store(tmp_path):
    pytest.importorskip("webdav4")
    wsgi = pytest.importorskip("cheroot.wsgi")
    app = pytest.importorskip("wsgidav.wsgidav_app")
    (tmp_path / "dav").mkdir()
    served = app.WsgiDAVApp({
        "provider_mapping": {"/": str(tmp_path / "dav")},
        "simple_dc": {"user_mapping": {"*": {"me": {"password": "secret"}}}},
        "logging": {"enable": False},
        "verbose": 0,
    })  # fmt: skip
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = wsgi.Server(("127.0.0.1", port), served)
    server.prepare()
    thread = threading.Thread(target=server.serve, daemon=True)
    thread.start()
    (tmp_path / "dav" / "study").mkdir()
    yield open_place(f"webdav://me:secret@127.0.0.1:{port}/study")
    server.stop()
    thread.join(5)


@pytest.fixture(params=["folder", "s3", "sftp", "webdav"])
def store(request: pytest.FixtureRequest):
    return request.getfixturevalue(f"{request.param}_store")


def test_machines_that_share_it_have_one_history(machine, store):
    laptop, desktop = machine("laptop"), machine("desktop")
    for number in range(12):
        laptop.answer(f"c{number}", answer="½")
        laptop.sync(store)
        desktop.answer(f"c{number}")
        desktop.choose("basics", new_per_day=number)
    for _ in range(2):
        for one in (laptop, desktop):
            one.sync(store)
    assert laptop.followed() == desktop.followed()
    assert len(laptop.followed()["log"]) == 24
    again = desktop.sync(store)
    assert (again.sent, again.received, again.incomplete, again.refused) == (0, 0, 0, ())


def test_it_does_what_the_one_in_memory_does(store):
    other = FlakyPlace()
    for place in (store, other):
        assert place.holders() == [] and place.names("a") == [] and place.read("a", "x", 10) is None
        place.delete("a", "x")
        place.write("a", "x", b"0123456789")
        place.write("a", "x", b"abcdefghij")
        place.write("b", "y", b"")
    for ask in (
        lambda place: place.holders(),
        lambda place: place.names("a"),
        lambda place: place.read("a", "x", 3),
        lambda place: place.read("a", "x", 100),
        lambda place: place.read("b", "y", 100),
        lambda place: [place.delete("a", "x"), place.names("a"), place.read("a", "x", 3)],
    ):
        assert ask(store) == ask(other)


def test_a_server_that_is_away_is_said_and_harms_nothing(machine):
    laptop = machine("laptop")
    laptop.answer("a")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    pytest.importorskip("webdav4")
    with pytest.raises(PlaceError, match="could not be listed"):
        laptop.sync(open_place(f"webdav://127.0.0.1:{port}/study"))
    assert len(laptop.followed()["log"]) == 1
