"""Lines of JSON between `rnnlab sweep` and a Python program."""

import json
import os
import sys
import threading


class Lines:
    """What comes in, and what is answered. Anything else that is printed goes to standard error."""

    def __init__(self):
        self._out = os.fdopen(os.dup(1), "w", encoding="utf-8")
        os.dup2(2, 1)
        self._lock = threading.Lock()

    def say(self, **line):
        with self._lock:
            try:
                self._out.write(json.dumps(line) + "\n")
                self._out.flush()
            except BrokenPipeError:
                # The sweep has ended; the end of its lines will tell.
                pass

    def fail(self, reason):
        """Says that nothing more can be done, and ends the program."""
        self.say(failed=reason)
        # Clients of engines have threads that would go on.
        os._exit(1)

    def missing(self, package):
        """Says that a package is not installed."""
        self.fail(
            f'{sys.executable} has no package {package}; run: "{sys.executable}" -m pip install "{package}"'
            ", or name another Python with --python"
        )

    def __iter__(self):
        for line in sys.stdin.buffer:
            yield json.loads(line)
