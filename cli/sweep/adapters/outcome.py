"""Tells a sweep how a job has ended."""

import os


def tell(lines, job, end, capacity):
    """Says how a job ended, after its executed notebook was kept."""
    if end["kind"] == "unfit":
        lines.fail(end["reason"])
    text = end.pop("notebook", None)
    if text is not None:
        draft = job["output"] + ".saving"
        try:
            with open(draft, "w", encoding="utf-8") as file:
                file.write(text)
            os.replace(draft, job["output"])
        except OSError as error:
            lines.fail(f"{job['output']} cannot be written: {error.strerror}")
    lines.say(id=job["id"], capacity=capacity, **end)
