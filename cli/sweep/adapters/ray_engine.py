"""Does the jobs of `rnnlab sweep` on a Ray cluster, whose address is the argument: "auto" finds the one that runs here."""

import os
import re
import socket
import sys
import threading

import job as job_module
from lines import Lines
from outcome import tell

# Ray itself would wait for ever where a cluster and its tokens do not fit together.
PATIENCE = 60


def reach(lines, address):
    """Makes sure that somebody listens there: Ray itself would try for a minute."""
    found = re.fullmatch(r"(?:ray://)?\[?([^\[\]/]+)\]?:(\d+)", address)
    if found is None:
        if address != "auto":
            lines.fail(f'the address must be "auto", HOST:PORT or ray://HOST:PORT, got {address}')
        return
    try:
        socket.create_connection((found[1], int(found[2])), timeout=10).close()
    except (OSError, OverflowError) as error:
        lines.fail(f"there must be a cluster, got: {error}")


def main(address):
    lines = Lines()
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    try:
        import ray
        from ray.exceptions import RayError, TaskCancelledError
    except ImportError:
        lines.missing("ray")
    reach(lines, address)
    # The workers have no file of ours in their path.
    ray.cloudpickle.register_pickle_by_value(job_module)
    limit = threading.Timer(
        PATIENCE,
        lambda: lines.fail(
            f"the cluster must answer within {PATIENCE} s, got nothing; it and the sweep must have the same"
            " RAY_AUTH_MODE, RAY_AUTH_TOKEN and RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER"
        ),
    )
    limit.daemon = True
    limit.start()
    try:
        ray.init(address=address, log_to_driver=False, logging_level="error")
    except Exception as error:
        reason = str(error).strip().split("\n")[0]
        lines.fail(f"there must be a cluster, got: {reason or type(error).__name__}")
    capacity = lambda: int(ray.cluster_resources().get("CPU", 0))
    if capacity() == 0:
        lines.fail("the cluster must have processors for tasks, got none")
    limit.cancel()
    lines.say(id="ready", capacity=capacity())
    # Whether a worker's death is worth another try, the sweep decides.
    task = ray.remote(num_cpus=1, max_retries=0)(job_module.run_job)
    pending = {}

    def done(job, reference):
        def report(future):
            pending.pop(reference, None)
            try:
                end = future.result()
            except TaskCancelledError:
                end = {"kind": "stopped"}
            except RayError as error:
                if "RayTaskError" in type(error).__name__:
                    lines.fail(f"the worker cannot do a job: {error}")
                end = {
                    "kind": "died",
                    "reason": f"its worker has died: {str(error).strip().split(chr(10))[0]}",
                }
            tell(lines, job, end, capacity())

        return report

    for job in lines:
        reference = task.remote(job)
        pending[reference] = job
        reference.future().add_done_callback(done(job, reference))
    # The sweep has ended, or is stopped.
    waiting = list(pending)
    for reference in waiting:
        ray.cancel(reference)
    if waiting:
        ray.wait(waiting, num_returns=len(waiting), timeout=15)
    ray.shutdown()
    os._exit(0)


main(sys.argv[1])
