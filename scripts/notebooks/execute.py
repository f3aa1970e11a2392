"""Executes one notebook, tells each step as a line of JSON, and writes the notebook.

usage: execute.py NOTEBOOK OUT.ipynb [KERNEL]

Events: {"event": "kernel", "pid"}, {"event": "cell", "index", "total", "title"},
{"event": "done", "seconds"}, {"event": "error", "name", "message"}. Ends with 0 when every cell ran,
with 1 when one failed; the notebook is written in either case.
"""

import json
import os
import sys
import time
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

# Only events go to standard output: what the kernel, which inherits it, or a library prints goes to standard error.
EVENTS = os.fdopen(os.dup(1), "w")
os.dup2(2, 1)


def tell(event, **fields):
    print(json.dumps({"event": event, **fields}), file=EVENTS, flush=True)


def title_of(cells, index):
    """The heading right above a cell, else the cell's first line."""
    above = cells[index - 1] if index > 0 else None
    if above is not None and above.cell_type == "markdown":
        headings = [line for line in above.source.splitlines() if line.startswith("#")]
        if headings:
            return headings[-1].lstrip("# ").strip()
    lines = [line.strip() for line in cells[index].source.splitlines() if line.strip()]
    return lines[0] if lines else ""


class Client(NotebookClient):
    """Tells what happens."""

    async def async_start_new_kernel(self, **kwargs):
        await super().async_start_new_kernel(**kwargs)
        tell("kernel", pid=self.km.provisioner.pid)

    async def async_execute_cell(self, cell, cell_index, **kwargs):
        if cell.cell_type != "code" or not cell.source.strip():
            return await super().async_execute_cell(cell, cell_index, **kwargs)
        code = [
            index
            for index, each in enumerate(self.nb.cells)
            if each.cell_type == "code" and each.source.strip()
        ]
        tell(
            "cell",
            index=code.index(cell_index) + 1,
            total=len(code),
            title=title_of(self.nb.cells, cell_index),
        )
        start = time.monotonic()
        try:
            return await super().async_execute_cell(cell, cell_index, **kwargs)
        finally:
            tell("done", seconds=time.monotonic() - start)


def main(notebook, executed, kernel=None):
    nb = nbformat.read(notebook, as_version=4)
    options = {"kernel_name": kernel} if kernel else {}
    client = Client(
        nb,
        timeout=None,
        record_timing=False,
        coalesce_streams=True,
        resources={"metadata": {"path": str(Path(notebook).resolve().parent)}},
        **options,
    )
    status = 0
    try:
        client.execute()
    except CellExecutionError as error:
        tell("error", name=error.ename, message=error.evalue)
        status = 1
    except Exception as error:  # The kernel did not start, or died.
        tell("error", name=type(error).__name__, message=str(error))
        status = 1
    finally:
        nbformat.write(nb, executed)
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
