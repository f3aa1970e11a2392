"""Builds the wheel: one module and its metadata, with nothing but Python."""

import base64
import hashlib
import zipfile
from pathlib import Path

NAME, VERSION = "rnnlab_papermill", "0.1.0"
MODULE = f"{NAME}.py"
METADATA = f"Metadata-Version: 2.1\nName: rnnlab-papermill\nVersion: {VERSION}\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: rnnlab\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
ENTRY_POINTS = f"[papermill.engine]\nrnnlab = {NAME}:RnnlabEngine\n"


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    """Writes the wheel into a folder, as PEP 517 has it, and returns its name."""
    info = f"{NAME}-{VERSION}.dist-info"
    source = Path(__file__).with_name(MODULE).read_text(encoding="utf-8")
    files = {
        MODULE: source,
        f"{info}/METADATA": METADATA,
        f"{info}/WHEEL": WHEEL,
        f"{info}/entry_points.txt": ENTRY_POINTS,
    }
    record = [*(_record(name, text) for name, text in files.items()), f"{info}/RECORD,,", ""]
    name = f"{NAME}-{VERSION}-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory) / name, "w") as wheel:
        for path, text in {**files, f"{info}/RECORD": "\n".join(record)}.items():
            wheel.writestr(path, text)
    return name


def _record(name, text):
    data = text.encode()
    digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
    return f"{name},sha256={digest},{len(data)}"
