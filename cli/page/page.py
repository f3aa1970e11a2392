"""Writes a notebook as HTML, with the template beside this file, and its formulas as TeX in elements of their own.

usage: page.py NOTEBOOK OUT.html
"""

import html
import sys
from pathlib import Path

import nbformat
from jinja2 import pass_context
from nbconvert import HTMLExporter
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath


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


def main(notebook, page):
    nb = nbformat.read(notebook, as_version=4)
    # Without its state a widget is what it says of itself for pages that have no controls.
    nb.metadata.pop("widgets", None)
    here = str(Path(__file__).resolve().parent)
    exporter = Exporter(template_name="template", extra_template_basedirs=[here])
    text, _ = exporter.from_notebook_node(nb, {"metadata": {"name": Path(notebook).stem}})
    Path(page).write_text(text, encoding="utf8")


if __name__ == "__main__":
    main(*sys.argv[1:])
