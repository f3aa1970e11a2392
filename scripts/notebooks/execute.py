"""Executes one notebook, tells each step as a line of JSON, and writes the notebook and its HTML.

usage: execute.py NOTEBOOK OUT.ipynb OUT.html [KERNEL]

Events: {"event": "kernel", "pid"}, {"event": "cell", "index", "total", "title"},
{"event": "done", "seconds"}, {"event": "error", "name", "message"}. Ends with 0 when every cell ran,
with 1 when one failed; both files are written in either case.
"""

import html
import json
import os
import sys
import time
from pathlib import Path

import nbformat
from jinja2 import pass_context
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

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


class Renderer(IPythonRenderer):
    """Leaves formulas as TeX in elements of their own."""

    def block_math(self, body):
        return self.formula(body, "true")

    def inline_math(self, body):
        return self.formula(body, "false")

    def latex_environment(self, name, body):
        return self.formula(f"\\begin{{{name}}}{body}\\end{{{name}}}", "true")

    def formula(self, tex, display):
        return f'<span class="formula" data-display="{display}">{html.escape(tex)}</span>'


class Exporter(HTMLExporter):
    """Writes pages with the template beside this file."""

    @pass_context
    def markdown2html(self, context, source):
        renderer = Renderer(
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            anchor_link_text=self.anchor_link_text,
            exclude_anchor_links=self.exclude_anchor_links,
        )
        return MarkdownWithMath(renderer=renderer).render(source)


def main(notebook, executed, page, kernel=None):
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
        # Without its state a widget is what it says of itself for pages that have no controls.
        nb.metadata.pop("widgets", None)
        here = str(Path(__file__).resolve().parent)
        exporter = Exporter(template_name="template", extra_template_basedirs=[here])
        text, _ = exporter.from_notebook_node(nb, {"metadata": {"name": Path(notebook).stem}})
        Path(page).write_text(text, encoding="utf8")
    return status


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
