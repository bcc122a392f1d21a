"""A real Spark Connect server on loopback for the tests: PyPI's pyspark in an environment of its own, as .ci/run makes it."""

import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOCAL = {
    "spark.connect.grpc.binding.address": "127.0.0.1",
    "spark.driver.bindAddress": "127.0.0.1",
    "spark.driver.host": "127.0.0.1",
    "spark.ui.enabled": "false",
    "spark.log.level": "ERROR",
}
# The least of everything: small questions are slow through what makes large ones fast. Spark itself asks for 450 MB of heap, and keeps what a page of
# its own would show; a task's Python ends with it. Server, task and pytest together are then under 1 GB (docs/spark.md).
LEAST = {
    "spark.sql.shuffle.partitions": "1",
    "spark.sql.adaptive.enabled": "false",
    "spark.sql.codegen.wholeStage": "false",
    "spark.sql.codegen.factoryMode": "NO_CODEGEN",
    "spark.testing.reservedMemory": "33554432",
    "spark.python.worker.reuse": "false",
    **dict.fromkeys(
        (
            "spark.sql.ui.retainedExecutions",
            "spark.ui.retainedJobs",
            "spark.ui.retainedStages",
            "spark.ui.retainedTasks",
            "spark.connect.ui.statement.limit",
        ),
        "2",
    ),
    "spark.eventLog.enabled": "true",
    "spark.eventLog.compress": "false",
}
JAVA = (
    "--driver-memory",
    "192m",
    "--driver-java-options",
    "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC -Xss512k -XX:ReservedCodeCacheSize=64m -XX:MaxDirectMemorySize=48m",
)
CLASS = "org.apache.spark.sql.connect.service.SparkConnectServer"


def home() -> Path | None:
    """Where pyspark lies; None where it, or Java, is not installed."""
    found = next((ROOT / ".venv" / "spark").glob("lib/python3*/site-packages/pyspark"), None)
    return found if shutil.which("java") else None


class Server:
    """One server at a port of its own, in a folder of its own; stopped and started again at the same port."""

    def __init__(
        self, folder: Path, settings: Mapping[str, str] = LEAST, java: Sequence[str] = JAVA, master: str = "local[1,2]"
    ) -> None:
        self.folder, self._process = folder, None
        self.settings, self.command = settings, ["--master", master, *java]
        self.events, self.key = folder / "events", folder / "secret" / "store.key"
        for place in (self.events, self.key.parent):
            place.mkdir()
        self.key.write_text("a key that stands in no plan", encoding="ascii")
        self.key.chmod(0o600)
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        self.address = f"sc://127.0.0.1:{self.port}"

    def start(self) -> None:
        settings = {
            **LOCAL,
            **self.settings,
            "spark.connect.grpc.binding.port": str(self.port),
            "spark.eventLog.dir": self.events.as_uri(),
        }
        options = [word for name, value in settings.items() for word in ("--conf", f"{name}={value}")]
        with (self.folder / "server.log").open("ab") as log:
            self._process = subprocess.Popen(
                [home() / "bin" / "spark-submit", *self.command, "--class", CLASS, *options, "spark-internal"],
                cwd=self.folder, stdout=log, stderr=log, start_new_session=True,
                env=os.environ | {
                    "SPARK_HOME": str(home()), "SPARK_LOCAL_IP": "127.0.0.1", "SPARK_LOCAL_DIRS": str(self.folder), "TMPDIR": str(self.folder), "MALLOC_ARENA_MAX": "1",
                    # of the executors, which are in the server here
                    "PYSPARK_PYTHON": sys.executable, "PYTHONPATH": str(ROOT), "JOURNEYS_KEY_FILE": str(self.key),
                },
            )  # fmt: skip
        while not self._is_up():
            assert self._process.poll() is None, (self.folder / "server.log").read_text()[-2_000:]
            time.sleep(0.2)

    def _is_up(self) -> bool:
        with socket.socket() as asked:
            return asked.connect_ex(("127.0.0.1", self.port)) == 0

    def stop(self) -> None:
        if self._process is not None:
            self._process.kill()  # spark-submit becomes the server itself
            self._process.wait()
            self._process = None
