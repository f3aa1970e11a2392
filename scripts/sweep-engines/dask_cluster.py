"""Runs a Dask scheduler with as many workers on this machine as the argument says, until standard input ends.

Prints its address.
"""

import sys

from distributed import LocalCluster

if __name__ == "__main__":
    with LocalCluster(
        host="127.0.0.1",
        n_workers=int(sys.argv[1]),
        threads_per_worker=1,
        dashboard_address=None,
        memory_limit=0,
    ) as cluster:
        print(cluster.scheduler_address, flush=True)
        sys.stdin.read()
