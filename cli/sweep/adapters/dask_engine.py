"""Does the jobs of `rnnlab sweep` on the workers of a Dask scheduler, whose address is the argument."""

import os
import sys

import job as job_module
from job import run_job
from lines import Lines
from outcome import tell


def on_worker(job):
    """Does a job in a task of Dask, as long as the task is wanted: who has asked may have gone."""
    from distributed import get_worker

    worker = get_worker()
    key = worker.get_current_task()

    def is_stopped():
        task = worker.state.tasks.get(key)
        return task is None or task.state in ("cancelled", "released", "forgotten")

    return run_job(job, is_stopped)


def main(address):
    lines = Lines()
    try:
        import cloudpickle
        from distributed import Client
        from distributed.scheduler import KilledWorker
    except ImportError:
        lines.missing("distributed")
    # The workers have no file of ours in their path.
    cloudpickle.register_pickle_by_value(job_module)
    try:
        client = Client(address, timeout=10, set_as_default=False, heartbeat_interval=1000)
    except (OSError, TimeoutError, ValueError) as error:
        lines.fail(f"there must be a scheduler, got: {str(error) or type(error).__name__}")
    capacity = lambda: sum(client.nthreads().values())
    if capacity() == 0:
        lines.fail("the scheduler must have workers, got none; dask worker ADDRESS starts one")
    lines.say(id="ready", capacity=capacity())
    futures = {}

    def done(job):
        def report(future):
            futures.pop(job["id"], None)
            if future.status == "cancelled":
                lines.fail("the scheduler was lost while jobs were running")
            try:
                end = future.result()
            except KilledWorker as error:
                end = {"kind": "died", "reason": f"its workers have died: {error}"}
            except Exception as error:
                lines.fail(f"the worker cannot do a job: {type(error).__name__}: {error}")
            try:
                tell(lines, job, end, capacity())
            except (OSError, TimeoutError):
                lines.fail("the scheduler was lost")

        return report

    for job in lines:
        future = client.submit(on_worker, job, key=f"rnnlab-{job['task']}", pure=False, retries=0)
        futures[job["id"]] = future
        future.add_done_callback(done(job))
    # The sweep has ended, or is stopped.
    try:
        client.cancel(list(futures.values()), force=True)
        client.close(timeout=5)
    finally:
        os._exit(0)


main(sys.argv[1])
