"""Scenes whose outcomes are kept instead of checked, in a form that two servers can share."""

import re

from acceptance.command import Output
from acceptance.stage import Scene

UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
MASKS = [
    (UUID, "<id>"),
    (re.compile(r"\b[0-9a-f]{8}-[0-9a-f-]{0,27}…"), "<id>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)?"), "<time>"),
    (re.compile(r"DateTime\([^()]*(\([^()]*\)[^()]*)*\)|datetime\.datetime\([^()]*(\([^()]*\)[^()]*)*\)"), "<time>"),
    (re.compile(r"\b\d\d:\d\d:\d\d(\.\d+)?\b"), "<time>"),
    (re.compile(r"\b(now|just now|(a few|an?|\d+) (second|minute|hour|day|week|month)s?( ago| from now)?|in (an?|\d+) \w+)\b"), "<ago>"),
    (re.compile(r"(/private)?/tmp/[^\s'\"│]*"), "<path>"),
    (re.compile(r"(etag|version_id)=\S+"), "<tag>"),
    (re.compile(r"(total_run_time|estimated_run_time|estimated_start_time_delta)=[^\n]*"), r"\1=<span>"),
    (re.compile(r"[\s─-╿]+"), " "),
]


class Watched(Scene):
    """A scene that notes what every command and every look gave; the names in it are the same on both sides."""

    def __init__(self, stage, directory):
        super().__init__(stage, directory)
        self.steps, self.aliases = {}, {}

    def unique(self, prefix):
        """The same on both sides: each side has a server of its own."""
        self.aliases[prefix] = self.aliases.get(prefix, 0) + 1
        return f"{prefix}{self.directory.name.rsplit('-', 1)[0]}{self.aliases[prefix]}".replace("_", "")

    def _finished(self, command, code, timeout, cwd, env):
        """Notes exit code and text of the command line; preparations by scripts must succeed."""
        found, output, line = self._run(command, timeout, cwd, env)
        if command[0] == "prefect":
            self.note("$ " + self.masked(line), f"{found}: {self.masked(output)}")
        else:
            assert found == code, f"exit code {found}, not {code}, of: {line}\n{output}"
        return output

    def _run(self, command, timeout, cwd, env):
        """Commands of prefect go to the process that has it loaded, unless they want another environment."""
        if command[0] != "prefect" or env:
            return super()._run(command, timeout, cwd, env)
        file = self.directory / "output"
        code = self.stage.preloaded.run(command[1:], cwd or self.directory, file)
        return code, Output(file.read_text()), " ".join(command)

    def masked(self, text):
        text = text.replace(self.stage.url, "<api>").replace(self.stage.url.removesuffix("/api"), "<server>")
        for kind in ("flow_runs", "task_runs"):
            for run in self.api.post(f"/{kind}/filter"):
                text = text.replace(run["name"], "<run>")
        for mask, name in MASKS:
            text = mask.sub(name, text)
        return text.strip()

    def note(self, step, outcome):
        """Keeps an outcome under the name of its step; a step that comes again gets a number."""
        count = sum(1 for known in self.steps if re.sub(r" #\d+$", "", known) == step)
        self.steps[step if count == 0 else f"{step} #{count + 1}"] = outcome
        return outcome

    def seconds(self, step, value):
        """A span of time: shown, and a difference only if Sluice takes much longer."""
        self.note(step, Seconds(value))


class Seconds(float):
    def __str__(self):
        return f"{float(self):.1f} s"
