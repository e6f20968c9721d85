"""A real browser, driven through Chromium's debugging pipe: descriptors 3 and 4, JSON messages each way."""

from __future__ import annotations

import base64
import json
import os
import shutil
import signal
import subprocess

import pytest

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = (
    *("--headless", "--no-sandbox", "--disable-quic", "--no-first-run", "--hide-scrollbars"),
    # WebGL without a graphics card
    *("--use-angle=swiftshader", "--enable-unsafe-swiftshader", "--ignore-gpu-blocklist"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
    *("--remote-debugging-pipe", "--window-size=1366,900"),
)


class Browser:
    """The pipe to a browser: commands go out, answers and events come in."""

    def __init__(self, commands: int, answers: int):
        self._commands, self._answers = commands, answers
        self._last, self._rest = 0, b""

    def tell(self, **message):
        """Send a message, and return its number."""
        self._last += 1
        os.write(self._commands, json.dumps({"id": self._last, **message}).encode() + b"\0")
        return self._last

    def receive(self):
        while b"\0" not in self._rest:
            received = os.read(self._answers, 65536)
            assert received, "the browser ended"
            self._rest += received
        message, self._rest = self._rest.split(b"\0", 1)
        return json.loads(message)


class Page:
    """A page that is open in the browser."""

    def __init__(self, browser: Browser):
        self._browser = browser
        self._target, self._session = None, None
        self._size: dict = {}
        self.messages: list[dict] = []

    def open(self, url):
        self._target = self.send("Target.createTarget", url="about:blank")["targetId"]
        self._session = self.send("Target.attachToTarget", targetId=self._target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        if self._size:
            self.send("Emulation.setDeviceMetricsOverride", **self._size)
        self.send("Page.navigate", url=url)
        while not any(message.get("method") == "Page.loadEventFired" for message in self.messages):
            self._keep(self._browser.receive())

    def close(self):
        if self._target:
            self._session = None
            self.send("Target.closeTarget", targetId=self._target)

    def send(self, method, **parameters):
        of_page = {"sessionId": self._session} if self._session else {}
        number = self._browser.tell(method=method, params=parameters, **of_page)
        while (answer := self._browser.receive()).get("id") != number:
            self._keep(answer)
        assert "error" not in answer, answer
        return answer["result"]

    def _keep(self, message):
        if message.get("sessionId") == self._session:  # another page that is being closed may go on talking
            self.messages.append(message)

    def evaluate(self, expression):
        answer = self.send("Runtime.evaluate", expression=expression, returnByValue=True)
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def resize(self, width, height):
        """Open what comes next in a window of this size, on a telephone where it is narrow."""
        self._size = {"width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600}

    def first_page_of_paper(self, folder):
        """Return the text of the first page as it would be printed, its spaces single."""
        reader = shutil.which("pdftotext")
        if reader is None:
            pytest.skip("pdftotext is not installed (Debian: poppler-utils)")
        printed = folder / "printed.pdf"
        printed.write_bytes(base64.b64decode(self.send("Page.printToPDF", preferCSSPageSize=True)["data"]))
        found = subprocess.run([reader, "-l", "1", printed, "-"], capture_output=True, check=True)
        return " ".join(found.stdout.decode().split())

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.send("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code)


@pytest.fixture(scope="session")
def a_browser(tmp_path_factory):
    """A running browser; skipped where no Chromium is installed."""
    program = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if program is None:
        pytest.skip(f"no Chromium is installed (looked for {', '.join(BROWSERS)})")
    fcntl = pytest.importorskip("fcntl", reason="Chromium's debugging pipe is used on POSIX systems only")
    folder = tmp_path_factory.mktemp("browser")
    # Above 9, so that giving them the numbers 3 and 4 in the child overwrites none of them.
    theirs_in, ours_out, ours_in, theirs_out = (
        fcntl.fcntl(end, fcntl.F_DUPFD_CLOEXEC, 10) for end in (*os.pipe(), *os.pipe())
    )
    process = os.posix_spawn(
        program,
        [program, *FLAGS, f"--user-data-dir={folder}"],
        {**os.environ, "TMPDIR": str(folder)},
        file_actions=[
            (os.POSIX_SPAWN_DUP2, theirs_in, 3),
            (os.POSIX_SPAWN_DUP2, theirs_out, 4),
            (os.POSIX_SPAWN_OPEN, 1, os.devnull, os.O_WRONLY, 0),
            (os.POSIX_SPAWN_OPEN, 2, os.devnull, os.O_WRONLY, 0),
        ],
        setpgroup=0,
    )
    os.close(theirs_in)
    os.close(theirs_out)
    try:
        yield Browser(ours_out, ours_in)
    finally:
        os.killpg(process, signal.SIGKILL)
        os.waitpid(process, 0)
        os.close(ours_out)
        os.close(ours_in)


@pytest.fixture
def a_page(a_browser):
    """An empty page."""
    page = Page(a_browser)
    yield page
    page.close()
