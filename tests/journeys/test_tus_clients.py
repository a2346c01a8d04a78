"""Two independent clients of tus send 50 MB over a line that is cut ten times: byte for byte the same lies here."""

import hashlib
import json
import os
import random
import shutil
import socket
import subprocess
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
from tusclient import client as tuspy

from tests.journeys.cutting import CuttingLine
from tests.journeys.running import ROOT, Running, until

pytestmark = pytest.mark.either
PROCESSES = ("redis", "web", "relay")
SIZE, CUTS = 50 * 1024 * 1024, 10


class Asked(NamedTuple):
    """A citizen's request, as its telephone knows it."""

    number: str
    token: str

    def url(self, base: str) -> str:
        """Where media go."""
        return f"{base}/api/v1/emergencies/{self.number}/media"

    @property
    def headers(self) -> dict[str, str]:
        """What proves it."""
        return {"Authorization": f"Bearer {self.token}", "Tus-Resumable": "1.0.0"}


@pytest.fixture
def asked(running: Running) -> Asked:
    """A request for help."""
    body = {"client_id": str(uuid.uuid4()), "pressed_at": "2026-05-12T20:04:50Z", "kind": "panic"}
    answer = httpx.post(f"{running.url}/api/v1/emergencies", json=body, timeout=20).json()
    return Asked(answer["number"], answer["token"])


@pytest.fixture(scope="session")
def node() -> str:
    """Node with tus-js-client, installed from the lock when it is not there."""
    found = shutil.which("node")
    if found is None or shutil.which("npm") is None:
        pytest.skip("no node on this machine")
    if not (ROOT / "node_modules" / "tus-js-client").exists():
        subprocess.run(["npm", "ci", "--silent"], cwd=ROOT, check=True, timeout=300)
    return found


def with_tus_js_client(path: Path, base: str, asked: Asked, digest: str, node: str) -> str:
    """The address of the upload."""
    about = json.dumps({"client_id": str(uuid.uuid4()), "sha256": digest, "filename": "video.mp4"})
    command = [node, str(ROOT / "tests/journeys/tus_upload.mjs"), str(path), asked.url(base), asked.token, about]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def with_tuspy(path: Path, base: str, asked: Asked, digest: str, node: str) -> str:
    """The address of the upload; it goes on after every error, as its documentation shows."""
    about = {"client_id": str(uuid.uuid4()), "sha256": digest}
    uploader = tuspy.TusClient(asked.url(base), headers={"Authorization": f"Bearer {asked.token}"}).uploader(
        str(path), chunk_size=2 * 1024 * 1024, metadata=about, upload_checksum=True, retries=0
    )
    for _try in range(100):
        try:
            uploader.offset = uploader.get_offset() if uploader.url else 0
            uploader.upload()
        except Exception:  # noqa: BLE001 - the line was cut, in whichever way requests says so
            time.sleep(0.05)
        else:
            return str(uploader.url)
    raise AssertionError("it never got through")


@pytest.mark.parametrize("upload", [with_tus_js_client, with_tuspy])
def test_tus_fifty_megabytes_arrive_whole_though_the_line_is_cut_ten_times(
    running: Running, asked: Asked, node: str, tmp_path: Path, upload: Callable[..., str]
) -> None:
    path, seed = tmp_path / "video", random.randrange(10**9)
    content = os.urandom(SIZE)
    path.write_bytes(content)
    digest = hashlib.sha256(content).hexdigest()
    line = CuttingLine(running.port, random.Random(seed).sample(range(100_000, SIZE - 1_000_000), CUTS))
    try:
        url = upload(path, line.url, asked, digest, node)
    finally:
        line.close()
    print(f"{upload.__name__}: {line.cuts} cuts, {line.up / SIZE:.2f} × the bytes went up, seed {seed}")
    assert line.cuts == CUTS
    assert kept(running, url) == [SIZE, digest, digest]


def test_tus_a_killed_server_tears_no_file(running: Running, asked: Asked, tmp_path: Path) -> None:
    """kill -9 between and within the parts, three times; the telephone asks where it stands and goes on."""
    content, part = os.urandom(12 * 1024 * 1024), 1024 * 1024
    url = _begun(running, asked, len(content))
    kills, at = 0, 0
    while at < len(content):
        try:
            if at >= (kills + 1) * 3 * part and kills < 3:
                kills += 1
                line = socket.create_connection(("127.0.0.1", running.port))
                line.sendall(_part(running, url, asked, at, content[at : at + part]))
                running.kill("web")
                line.close()
                running.start("web")
                until(running.ready, 60, "the server is back")
            at = int(httpx.head(url, headers=asked.headers, timeout=20).headers["Upload-Offset"])
            about = {"Upload-Offset": str(at), "Content-Type": "application/offset+octet-stream"}
            httpx.patch(url, headers={**asked.headers, **about}, content=content[at : at + part], timeout=20)
            at += part
        except httpx.HTTPError:
            time.sleep(0.1)
    assert kills == 3
    digest = hashlib.sha256(content).hexdigest()
    assert kept(running, url) == [len(content), digest, digest]


def test_tus_a_body_of_another_length_than_announced_stores_nothing(running: Running, asked: Asked) -> None:
    url = _begun(running, asked, 1000)
    for announced, sent in ((1000, 400), (4 * 1024 * 1024 + 1, 10)):
        with socket.create_connection(("127.0.0.1", running.port)) as line:
            line.sendall(_part(running, url, asked, 0, b"x" * sent, announced))
            line.shutdown(socket.SHUT_WR)
            line.settimeout(10)
            answer = line.recv(4096)
        assert b" 204 " not in answer.split(b"\r\n")[0]
    assert httpx.head(url, headers=asked.headers, timeout=20).headers["Upload-Offset"] == "0"
    too_much = httpx.patch(
        url,
        headers={**asked.headers, "Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"},
        content=b"x" * (4 * 1024 * 1024 + 1),
        timeout=20,
    )
    assert too_much.status_code == 413


def kept(running: Running, url: str) -> list[object]:
    """Length and SHA-256 of what lies here, as it arrived or sealed already, and the SHA-256 that was written down."""
    return list(
        running.script(f"""
import hashlib, json
from alerts.media import store
from alerts.media.models import MediaFile
one = MediaFile.objects.get(key="{url.rsplit("/", 1)[1]}")
try:
    plain = store.arriving(one.key).read_bytes()
except FileNotFoundError:
    plain = b"".join(store.open_part(one.key, "original", one.wrapped_key).read())
print(json.dumps([len(plain), hashlib.sha256(plain).hexdigest(), one.sha256]))
""")
    )


def _begun(running: Running, asked: Asked, size: int) -> str:
    answer = httpx.post(asked.url(running.url), headers={**asked.headers, "Upload-Length": str(size)}, timeout=20)
    assert answer.status_code == 201, answer.text
    return running.url + answer.headers["Location"]


def _part(running: Running, url: str, asked: Asked, at: int, body: bytes, announced: int | None = None) -> bytes:
    """A PATCH as it goes over the wire."""
    length = len(body) if announced is None else announced
    lines = [
        f"PATCH {url.removeprefix(running.url)} HTTP/1.1",
        f"Host: 127.0.0.1:{running.port}",
        *(f"{name}: {value}" for name, value in asked.headers.items()),
        "Content-Type: application/offset+octet-stream",
        f"Upload-Offset: {at}",
        f"Content-Length: {length}",
        "Connection: close",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
