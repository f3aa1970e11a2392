"""Does one run of a sweep, on the machine of a worker. It is sent there: it may use the standard library only."""


def run_job(job, is_stopped=lambda: False):
    """Runs the command of a job to its end, or until the sweep is stopped; returns how it ended."""
    import hashlib
    import json
    import os
    import shutil
    import signal
    import socket
    import subprocess
    import tempfile

    needs = job["requirements"]
    worker = f"{socket.gethostname()}, process {os.getpid()}"

    def unfit(rule):
        return {"kind": "unfit", "reason": f"its worker ({worker}) must have {rule}"}

    node = needs["node"] if os.path.exists(needs["node"]) else shutil.which("node")
    if node is None:
        return unfit(f"Node {needs['nodeMajor']}, got none: it is neither {needs['node']} nor in PATH")
    version = subprocess.run([node, "-p", "process.version"], capture_output=True, text=True).stdout.strip()
    if not version.startswith(f"v{needs['nodeMajor']}."):
        return unfit(f"Node {needs['nodeMajor']}, as the sweep has, got {version or 'no answer'} from {node}")
    try:
        with open(needs["manifest"], encoding="utf-8") as file:
            found = json.load(file)["version"]
    except OSError as error:
        return unfit(f"rnnlab at {os.path.dirname(needs['manifest'])}, got: {error.strerror}")
    if found != needs["version"]:
        return unfit(f"rnnlab {needs['version']}, as the sweep has, got {found}")
    try:
        with open(needs["notebook"], "rb") as file:
            same = hashlib.sha256(file.read()).hexdigest() == needs["hash"]
    except OSError as error:
        return unfit(f"the notebook {needs['notebook']}, got: {error.strerror}")
    if not same:
        return unfit(f"the same notebook {needs['notebook']} as the sweep, got another one")

    with tempfile.TemporaryDirectory(prefix="rnnlab-sweep-", ignore_cleanup_errors=True) as folder:
        executed = os.path.join(folder, "executed.ipynb")
        with open(os.path.join(folder, "out"), "w+b") as out, open(os.path.join(folder, "err"), "w+b") as err:
            # The run ends when its input does: also when this process is killed.
            process = subprocess.Popen(
                [node, *job["command"], "--output", executed],
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
                env={**os.environ, **job["variables"]},
                start_new_session=os.name != "nt",
            )
            try:
                while True:
                    try:
                        process.wait(0.5)
                        break
                    except subprocess.TimeoutExpired:
                        if is_stopped():
                            return {"kind": "stopped"}
            finally:
                if process.poll() is None:
                    process.stdin.close()
                    try:
                        process.wait(15)
                    except subprocess.TimeoutExpired:
                        if os.name == "nt":
                            process.kill()
                        else:
                            os.killpg(process.pid, signal.SIGKILL)
                        process.wait()
            if process.returncode < 0:
                return {
                    "kind": "died",
                    "reason": f"the run's process was ended by signal {-process.returncode}",
                }
            out.seek(0)
            err.seek(max(0, err.seek(0, os.SEEK_END) - 4000))
            end = {
                "kind": "ended",
                "status": process.returncode,
                "stdout": out.read().decode("utf-8", "replace"),
                "stderr": err.read().decode("utf-8", "replace"),
            }
        if job["output"] is not None and os.path.exists(executed):
            with open(executed, encoding="utf-8") as file:
                end["notebook"] = file.read()
        return end
