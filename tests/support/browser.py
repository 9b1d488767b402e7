"""Debian's Chromium without a screen, driven over a pipe (Chrome DevTools Protocol). Nothing but the standard library.

    with Browser() as browser:
        page = browser.open(Path("report.html"))
        page.evaluate("document.title")
        page.screenshot(Path("report.png"))
        page.requests, page.complaints     # what it asked for, and what the console said
"""
import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time
from pathlib import Path

PATIENCE_S = 120
CHROMIUM = shutil.which("chromium")
# Without a GPU WebGL is drawn by the processor. Root has no sandbox.
OPTIONS = ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--remote-debugging-pipe", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
           "--no-first-run", "--disable-extensions", "--disable-background-networking", "--disable-component-update", "--hide-scrollbars",
           "--force-color-profile=srgb", "about:blank"]


class Browser:
    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="arete-browser-")
        read, self.to = os.pipe()
        self.source, write = os.pipe()
        shell = f'exec "$@" 3<&{read} 4>&{write}'
        self.process = subprocess.Popen(["bash", "-c", shell, "bash", CHROMIUM, f"--user-data-dir={self.folder}", *OPTIONS], pass_fds=(read, write),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        os.close(read)
        os.close(write)
        self.buffer, self.number, self.events = b"", 0, []
        return self

    def __exit__(self, *_):
        try:
            self.call("Browser.close")
        except (OSError, RuntimeError):
            self.process.kill()
        self.process.wait()
        os.close(self.to)
        os.close(self.source)
        shutil.rmtree(self.folder, ignore_errors=True)

    def message(self, deadline):
        while b"\0" not in self.buffer:
            ready, _, _ = select.select([self.source], [], [], max(0, deadline - time.monotonic()))
            piece = os.read(self.source, 1 << 16) if ready else b""
            if not piece:
                raise RuntimeError("the browser does not answer")
            self.buffer += piece
        text, _, self.buffer = self.buffer.partition(b"\0")
        return json.loads(text)

    def call(self, method, session=None, **parameters):
        """What the method returns; events that come meanwhile are kept."""
        self.number += 1
        request = {"id": self.number, "method": method, "params": parameters, **({"sessionId": session} if session else {})}
        os.write(self.to, json.dumps(request).encode() + b"\0")
        deadline = time.monotonic() + PATIENCE_S
        while True:
            answer = self.message(deadline)
            if answer.get("id") == self.number:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']['message']}")
                return answer["result"]
            self.events.append(answer)

    def wait_for(self, method):
        deadline = time.monotonic() + PATIENCE_S
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message(deadline))

    def open(self, path, width=1280, height=900, dark=False):
        return Page(self, path, width, height, dark)


class Page:
    def __init__(self, browser, path, width, height, dark):
        self.browser = browser
        target = browser.call("Target.createTarget", url="about:blank")["targetId"]
        self.session = browser.call("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=False)
        self.media(dark=dark)
        browser.events.clear()
        self.call("Page.navigate", url=Path(path).resolve().as_uri())
        browser.wait_for("Page.loadEventFired")

    def call(self, method, **parameters):
        return self.browser.call(method, session=self.session, **parameters)

    def media(self, kind="", dark=False):
        scheme = [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]
        self.call("Emulation.setEmulatedMedia", media=kind, features=scheme)

    def evaluate(self, expression):
        done = self.call("Runtime.evaluate", expression=expression, returnByValue=True, awaitPromise=True)
        if "exceptionDetails" in done:
            raise RuntimeError(done["exceptionDetails"].get("exception", {}).get("description", "an exception"))
        return done["result"].get("value")

    def press(self, key, code):
        for kind in ("keyDown", "keyUp"):
            self.call("Input.dispatchKeyEvent", type=kind, key=key, code=key, windowsVirtualKeyCode=code,
                      **({"text": "\r"} if (key, kind) == ("Enter", "keyDown") else {}))

    def screenshot(self, path, whole=True):
        picture = self.call("Page.captureScreenshot", captureBeyondViewport=whole, **({"clip": self.all_of_it()} if whole else {}))
        Path(path).write_bytes(base64.b64decode(picture["data"]))

    def all_of_it(self):
        size = self.call("Page.getLayoutMetrics")["cssContentSize"]
        return {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 16000), "scale": 1}

    def of(self, method):
        return [event["params"] for event in self.browser.events if event.get("method") == method and event.get("sessionId") == self.session]

    @property
    def requests(self):
        """The addresses that the page asked for, but for what is inside it."""
        asked = [event["request"]["url"] for event in self.of("Network.requestWillBeSent")]
        return [address for address in asked if not address.startswith(("data:", "blob:"))]

    @property
    def complaints(self):
        said = [event["exceptionDetails"].get("exception", {}).get("description", "an exception") for event in self.of("Runtime.exceptionThrown")]
        said += [event["entry"]["text"] for event in self.of("Log.entryAdded") if event["entry"]["level"] in ("error", "warning")]
        return said + [str(event["args"]) for event in self.of("Runtime.consoleAPICalled") if event["type"] in ("error", "warning", "assert")]
