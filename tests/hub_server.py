"""A loopback server that speaks the Hub's reading protocol to the real huggingface_hub client."""

import hashlib
import json
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

COMMIT = "0123456789abcdef0123456789abcdef01234567"
Repositories = Mapping[str, Mapping[str, bytes]]  # "models/owner/name" -> path -> content


@contextmanager
def serving(repositories: Repositories) -> Iterator[str]:
    """The endpoint of a Hub that holds these repositories, each at COMMIT."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(_Handler, repositories))
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def __init__(self, held: Repositories, *arguments: Any) -> None:
        self.held = held
        super().__init__(*arguments)

    def log_message(self, format: str, *args: Any) -> None:
        pass

    def do_HEAD(self) -> None:
        self._file()

    def do_GET(self) -> None:
        parts = [unquote(p) for p in urlsplit(self.path).path.strip("/").split("/")]
        if parts[0] != "api":
            self._file()
            return
        name, rest = "/".join(parts[1:4]), parts[4:]
        files = self.held.get(name)
        if files is None or (rest[:1] == ["revision"] and rest[1] not in ("main", COMMIT)):
            self._refuse("RepoNotFound")
        elif rest[:1] == ["tree"]:
            below = "/".join(rest[2:])
            entries = [_entry(p, c) for p, c in files.items() if p.startswith(below)]
            self._json(entries)
        else:
            siblings = [{"rfilename": path} for path in files]
            self._json({"id": "/".join(parts[2:4]), "sha": COMMIT, "siblings": siblings})

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        parts = [unquote(p) for p in urlsplit(self.path).path.strip("/").split("/")]
        files = self.held.get("/".join(parts[1:4]), {})
        asked = parse_qs(body.decode()).get("paths", [])
        self._json([_entry(path, files[path]) for path in asked if path in files])

    def _file(self) -> None:
        place = unquote(urlsplit(self.path).path.strip("/"))
        repository, _, rest = place.partition("/resolve/")
        name = repository if repository.startswith("datasets/") else f"models/{repository}"
        content = self.held.get(name, {}).get(rest.partition("/")[2])
        if content is None:
            self._refuse("EntryNotFound" if name in self.held else "RepoNotFound")
            return
        self._answer(200, content, {"ETag": f'"{_sha(content)}"', "X-Repo-Commit": COMMIT})

    def _refuse(self, code: str) -> None:
        self._answer(404, b"", {"X-Error-Code": code, "X-Repo-Commit": COMMIT})

    def _json(self, value: Any) -> None:
        self._answer(200, json.dumps(value).encode(), {"Content-Type": "application/json"})

    def _answer(self, status: int, content: bytes, headers: Mapping[str, str]) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)


def _sha(content: bytes) -> str:
    """The id of a git blob, as the Hub gives it for small files."""
    return hashlib.sha1(b"blob %d\0" % len(content) + content, usedforsecurity=False).hexdigest()


def _entry(path: str, content: bytes) -> dict[str, Any]:
    return {"type": "file", "path": path, "size": len(content), "oid": _sha(content)}
