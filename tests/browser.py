"""A headless Chromium, driven through its debugging pipe with nothing but the standard library."""

from __future__ import annotations

import json
import os
import select
import shutil
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from tests.needs import need

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync", "--hide-scrollbars",
    "--remote-debugging-pipe",
)  # fmt: skip
SHIM = """
import fcntl, os, sys
ends = [fcntl.fcntl(int(end), fcntl.F_DUPFD, 10) for end in sys.argv[1:3]]
for place, end in zip((3, 4), ends):
    os.dup2(end, place)
os.execv(sys.argv[3], sys.argv[3:])
"""
"""The protocol speaks on descriptors 3 and 4, whatever numbers the pipes have in this process."""

COMPLAINTS = (
    "Runtime.exceptionThrown", "Runtime.consoleAPICalled", "Log.entryAdded", "Page.javascriptDialogOpening",
)  # fmt: skip

PATIENCE = 60
"""Seconds after which a browser that says nothing is taken for dead."""


def chromium() -> str | None:
    """Return the path of an installed Chromium, or None."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


class Browser:
    """A browser with one page open; what the page says and asks for is kept until the next page is opened."""

    def __init__(self, program: str, profile: Path) -> None:
        for_child, self._to = os.pipe()
        self._from, by_child = os.pipe()
        self._process = subprocess.Popen(
            [sys.executable, "-c", SHIM, str(for_child), str(by_child), program, *FLAGS, f"--user-data-dir={profile}"],
            pass_fds=(for_child, by_child),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(for_child)
        os.close(by_child)
        self._rest = b""
        self._count = 0
        self._session: str | None = None
        self.events: list[dict] = []
        page = self.call("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.call("Target.attachToTarget", targetId=page, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log"):
            self.call(f"{domain}.enable")

    def call(self, method: str, **values: object) -> dict:
        """Send a command and return its result; events that come meanwhile are kept."""
        self._count += 1
        message = {"id": self._count, "method": method, "params": values}
        if self._session is not None:
            message["sessionId"] = self._session
        os.write(self._to, json.dumps(message).encode() + b"\0")
        while True:
            answer = self._next()
            if answer.get("id") == self._count:
                assert "error" not in answer, f"{method}: {answer['error']}"
                return answer["result"]
            self.events.append(answer)

    def open(self, page: Path, place: str = "") -> None:
        """Open a file, and wait until it is loaded."""
        self.events.clear()
        self.call("Page.navigate", url="about:blank")
        self._until("Page.loadEventFired")
        self.events.clear()
        self.call("Page.navigate", url=page.as_uri() + place)
        self._until("Page.loadEventFired")

    def size(self, width: int, height: int = 900) -> None:
        """Give the page a screen of this size."""
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)

    def value(self, expression: str) -> object:
        """Return what a JavaScript expression is on the page; a promise is waited for."""
        answer = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        assert "exceptionDetails" not in answer, answer["exceptionDetails"]
        return answer["result"].get("value")

    def press(self, key: str) -> None:
        """Press and release a key."""
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=13)

    def requests(self) -> list[str]:
        """Return the addresses that the page asked for."""
        return [event["params"]["request"]["url"] for event in self.events if _is(event, "Network.requestWillBeSent")]

    def complaints(self) -> list[str]:
        """Return errors and warnings of the page: exceptions, console, refused by policy, dialogs."""
        return [json.dumps(event["params"]) for event in self.events if _is(event, *COMPLAINTS)]

    def close(self) -> None:
        """End the browser that was started here."""
        self._session = None
        self.call("Browser.close")
        self._process.wait(PATIENCE)
        os.close(self._to)
        os.close(self._from)

    def _until(self, name: str) -> None:
        while not any(_is(event, name) for event in self.events):
            self.events.append(self._next())

    def _next(self) -> dict:
        deadline = time.monotonic() + PATIENCE
        while b"\0" not in self._rest:
            ready, _, _ = select.select([self._from], [], [], max(0.0, deadline - time.monotonic()))
            assert ready, "the browser says nothing"
            read = os.read(self._from, 1 << 16)
            assert read, "the browser is gone"
            self._rest += read
        message, _, self._rest = self._rest.partition(b"\0")
        return json.loads(message)


def _is(event: dict, *names: str) -> bool:
    return event.get("method") in names


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    """Start a browser for the tests of one file: what one file sets in it, the next does not see."""
    program = chromium()
    need("browser", there=program is not None, get_it="apt-get install chromium")
    started = Browser(str(program), tmp_path_factory.mktemp("profile"))
    yield started
    started.close()
