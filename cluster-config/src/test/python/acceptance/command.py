"""Commands: what one printed, and those that run beside a case."""

import json
import os
import re
import signal
import subprocess
import tempfile
from pathlib import Path

from acceptance.server import wait


class Output(str):
    """What a command printed; the checks say what is missing and show all of it."""

    def shows(self, *texts):
        for text in texts:
            assert text in self, f"{text!r} is not in the output:\n{self}"
        return self

    def hides(self, *texts):
        for text in texts:
            assert text not in self, f"{text!r} should not be in the output:\n{self}"
        return self

    def json(self):
        return json.loads(self)

    def result(self):
        """The JSON that a script printed after the word RESULT."""
        found = re.findall(r"^RESULT (.*)$", self, re.MULTILINE)
        assert found, f"the script printed no RESULT:\n{self}"
        return json.loads(found[-1])


class Background:
    """A process that runs beside the case, in a group of its own, with its output in a file."""

    def __init__(self, command, env, directory):
        handle, name = tempfile.mkstemp(suffix=".log", dir=directory)
        self.log = Path(name)
        self.command = " ".join(command)
        self.process = subprocess.Popen(command, env=env, cwd=directory, stdin=subprocess.DEVNULL, stdout=handle, stderr=subprocess.STDOUT, start_new_session=True)
        os.close(handle)

    def text(self):
        return Output(self.log.read_text())

    def until_it_prints(self, text, timeout=120):
        def printed():
            assert text in self.text() or self.process.poll() is None, f"{self.command} ended before it printed {text!r}:\n{self.text()}"
            return text in self.text()
        wait(printed, timeout, lambda: f"{self.command} to print {text!r}; it printed:\n{self.text()}")
        return self

    def ends(self, code=0, timeout=180):
        """Waits for the end; checks the exit code; returns what it printed."""
        try:
            found = self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError(f"{self.command} did not end within {timeout} s:\n{self.text()}") from None
        assert found == code, f"exit code {found}, not {code}, of {self.command}:\n{self.text()}"
        return self.text()

    def interrupt(self, code=0, timeout=60):
        """Ctrl-C, as the terminal sends it, then ends()."""
        os.killpg(self.process.pid, signal.SIGINT)
        return self.ends(code, timeout)

    def kill(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()
