"""Writes widgets.json: the state that ipywidgets gives each control, for rnnlab/widgets to equal.

Run with: python test/golden/widgets.py, in a Python with ipywidgets 8.1.9
"""

import datetime
import json
import pathlib

import ipywidgets as w

made = [
    w.IntSlider(min=2, max=9, step=1, value=3, description="a"),
    w.FloatSlider(min=0, max=1, step=0.05, value=0.5, disabled=True),
    w.FloatLogSlider(base=10, min=-5, max=0, step=0.1, value=0.01),
    w.IntRangeSlider(min=0, max=100, step=1, value=[25, 75]),
    w.FloatRangeSlider(min=0, max=1, step=0.01, value=[0.25, 0.75]),
    w.FloatText(value=1.5),
    w.BoundedIntText(min=1, max=500, step=1, value=20),
    w.Checkbox(value=True, tooltip="all of them"),
    w.ToggleButton(description="Pause", icon="pause"),
    w.Dropdown(options=["GRU", "LSTM"], value="LSTM"),
    w.RadioButtons(options=[("slow", 0.001), ("fast", 0.1)]),
    w.Text(value="b", placeholder="name", continuous_update=False),
    w.Textarea(rows=4),
    w.Button(description="Run", button_style="primary"),
    w.DatePicker(value=datetime.date(2026, 11, 29), min=datetime.date(2020, 1, 31)),
    w.FloatProgress(min=0, max=10, value=4, bar_style="success"),
    w.HTML(value="<b>bold</b>", layout=w.Layout(width="50%", grid_gap="1em")),
]
made += [
    w.HBox([made[0]]),
    w.VBox([made[0], made[1]]),
    w.Tab([made[0], made[1]], titles=["one", "two"], selected_index=0),
    w.Accordion([made[0]], titles=["more"]),
    w.Output(),
]


def state(widget):
    """The state with those of layout and style in it, and children by their models' names."""
    whole = widget.get_state()
    for part in ("layout", "style"):
        if part in whole:
            whole[part] = getattr(widget, part).get_state()
    if "children" in whole:
        whole["children"] = [child._model_name for child in widget.children]
    return whole


golden = {"ipywidgets": w.__version__, "widgets": {each._model_name: state(each) for each in made}}
path = pathlib.Path(__file__).with_suffix(".json")
path.write_text(json.dumps(golden, indent=1) + "\n")
