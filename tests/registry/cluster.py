"""A real Spark cluster on this machine: a master and two workers of one core each, started from the wheel of PySpark."""
from __future__ import annotations

import contextlib
import json
import os
import socket
import subprocess
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pyspark

HERE = "127.0.0.1"
WORKERS = 2
PATIENCE_S = 120
QUICK_START = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"  # of a JVM that lives for a minute
SETTINGS = {
    "spark.driver.host": HERE, "spark.driver.memory": "512m", "spark.executor.memory": "512m", "spark.cores.max": "2",
    "spark.sql.shuffle.partitions": "2", "spark.driver.extraJavaOptions": QUICK_START,
    "spark.executor.extraJavaOptions": QUICK_START,
}


@contextlib.contextmanager
def cluster(folder: Path) -> Iterator[str]:
    """The address of a cluster that is up; it is gone afterwards."""
    (folder / "spark-defaults.conf").write_text("".join(f"{name} {value}\n" for name, value in SETTINGS.items()))
    port, page = _free_port(), _free_port()
    address = f"spark://{HERE}:{port}"
    environment = os.environ | {"SPARK_LOCAL_IP": HERE, "SPARK_CONF_DIR": str(folder), "SPARK_DAEMON_MEMORY": "256m",
                                "SPARK_DAEMON_JAVA_OPTS": QUICK_START}
    with contextlib.ExitStack() as stack:
        _start(stack, folder, environment, "master.Master", "--host", HERE, "--port", str(port), "--webui-port", str(page))
        for number in range(WORKERS):
            _start(stack, folder, environment, "worker.Worker", "--host", HERE, "--cores", "1", "--memory", "700M",
                   "--webui-port", str(_free_port()), "--work-dir", str(folder / f"worker-{number}"), address)
        _await_workers(page)
        yield address


def _start(stack: contextlib.ExitStack, folder: Path, environment: dict[str, str], name: str, *arguments: str) -> None:
    log = stack.enter_context((folder / f"{name}-{len(list(folder.glob('*.log')))}.log").open("w"))
    command = [str(Path(pyspark.__file__).parent / "bin" / "spark-class"), f"org.apache.spark.deploy.{name}", *arguments]
    process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
    stack.callback(process.wait, timeout=30)
    stack.callback(process.terminate)


def _await_workers(page: int) -> None:
    until = time.monotonic() + PATIENCE_S
    alive = None
    while time.monotonic() < until:
        with contextlib.suppress(OSError), urllib.request.urlopen(f"http://{HERE}:{page}/json/", timeout=5) as answer:
            alive = json.load(answer)["aliveworkers"]
        if alive == WORKERS:
            return
        time.sleep(0.2)  # the master's page is all there is to ask
    raise TimeoutError(f"{alive} of {WORKERS} workers came up within {PATIENCE_S} s")


def _free_port() -> int:
    with socket.socket() as one:
        one.bind((HERE, 0))
        return one.getsockname()[1]
