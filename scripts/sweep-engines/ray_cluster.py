"""Runs a Ray cluster with two processors on this machine, until standard input ends; prints its address.

It needs RAY_AUTH_TOKEN: whoever has the token may do tasks on it.
"""

import os
import socket
import subprocess
import sys


def free_port():
    """A port that nobody uses."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def main():
    port = free_port()
    # Ray replaces 127.0.0.1 by an address that others can reach, unless it must do without other machines.
    alone = {"RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "0"}
    options = {
        "node-ip-address": "127.0.0.1",
        "port": port,
        "min-worker-port": 0,
        "max-worker-port": 0,
        "num-cpus": 2,
        "object-store-memory": 100_000_000,
        "include-dashboard": "false",
        "temp-dir": os.path.abspath("ray"),
    }
    command = [
        sys.executable,
        "-m",
        "ray.scripts.scripts",
        "start",
        "--head",
        "--block",
        "--disable-usage-stats",
    ]
    cluster = subprocess.Popen(
        [*command, *(f"--{name}={value}" for name, value in options.items())],
        env={**os.environ, **alone},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        for line in cluster.stdout:
            if "Ray runtime started" in line:
                print(f"127.0.0.1:{port}", flush=True)
                sys.stdin.read()
                break
    finally:
        cluster.terminate()
        cluster.communicate()


if __name__ == "__main__":
    main()
