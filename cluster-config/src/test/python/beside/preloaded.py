"""The command line of Prefect without its start: one process loads it, and each command is a fork of that.

Commands arrive as lines of JSON (args, directory, output file); the answer to each is a line with its exit code.
"""

import json
import os
import subprocess
import sys
import traceback
from pathlib import Path

HERE = Path(__file__).resolve().parent


class Preloaded:
    """Starts the loaded process with the environment of a stage; run() is for one thread at a time."""

    def __init__(self, env):
        self.process = subprocess.Popen([sys.executable, "-P", str(HERE / "preloaded.py")], env=env, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def run(self, args, directory, output):
        print(json.dumps([args, str(directory), str(output)]), file=self.process.stdin, flush=True)
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait(30)


def command(app, args, directory, output):
    """In the fork: the exit code of the command as the real program would end."""
    os.chdir(directory)
    file = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(file, 1)
    os.dup2(file, 2)
    sys.argv = ["prefect", *args]
    try:
        app()
        return 0
    except SystemExit as end:
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    except BaseException:
        traceback.print_exc()
        return 1


def main():
    from prefect.cli import app  # what bin/prefect calls

    for line in sys.stdin:
        args, directory, output = json.loads(line)
        child = os.fork()
        if child == 0:
            code = command(app, args, directory, output)
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(code)
        _, status = os.waitpid(child, 0)
        print(os.waitstatus_to_exitcode(status), flush=True)


if __name__ == "__main__":
    main()
