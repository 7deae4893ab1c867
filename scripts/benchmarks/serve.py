"""CPU seconds per gigabyte of file serving, against nginx, interleaved."""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

import psutil

MIB = 1024 * 1024

NGINX = """
daemon off; master_process off; worker_processes 1; pid {folder}/nginx.pid; error_log {folder}/error.log;
events {{ worker_connections 512; }}
http {{
  access_log off; sendfile on; tcp_nopush on; default_type video/x-matroska;
  client_body_temp_path {folder}/t1; proxy_temp_path {folder}/t2; fastcgi_temp_path {folder}/t3;
  uwsgi_temp_path {folder}/t4; scgi_temp_path {folder}/t5;
  server {{ listen 127.0.0.1:{port}; root {folder}; }}
}}
"""


@dataclass(frozen=True)
class Run:
    cpu_per_gb: float
    megabytes_per_second: float


def serve_sokoul(folder: Path, port: int) -> None:
    """Run in a child: the route of a file as the daemon answers it, under uvloop."""
    import uvloop
    from aiohttp import web

    from sokoul.web.files import send_file

    async def answer(request: web.Request) -> web.StreamResponse:
        return await send_file(request, folder / "film.mkv", content_type="video/x-matroska")

    app = web.Application()
    app.router.add_get("/film.mkv", answer)
    web.run_app(app, host="127.0.0.1", port=port, access_log=None, print=None, loop=uvloop.new_event_loop())


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(port: int) -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise SystemExit(f"nothing listens on port {port}")


def read_all(port: int, readers: int, size: int) -> None:
    """`readers` curls, each its own share of the file."""
    share = size // readers
    curls = []
    for number in range(readers):
        first = number * share
        last = size - 1 if number == readers - 1 else first + share - 1
        url = f"http://127.0.0.1:{port}/film.mkv"
        command = ["curl", "-sf", "-o", "/dev/null", "-r", f"{first}-{last}", url]
        curls.append(subprocess.Popen(command))
    if any(curl.wait() for curl in curls):
        raise SystemExit("a reader failed")


def measure(server: psutil.Process, port: int, readers: int, size: int) -> Run:
    before, started = server.cpu_times(), time.monotonic()
    read_all(port, readers, size)
    took, after = time.monotonic() - started, server.cpu_times()
    cpu = after.user + after.system - before.user - before.system
    return Run(cpu / (size / 1e9), size / 1e6 / took)


def report(name: str, runs: list[Run]) -> None:
    cpu = [run.cpu_per_gb for run in runs]
    speed = [run.megabytes_per_second for run in runs]
    print(
        f"{name:8} CPU s/GB median {statistics.median(cpu):.3f} ({min(cpu):.3f}-{max(cpu):.3f})"
        f"   MB/s median {statistics.median(speed):.0f} ({min(speed):.0f}-{max(speed):.0f})"
    )


def compare(arguments: argparse.Namespace, folder: Path) -> float:
    size = arguments.gigabytes * 1_000_000_000 // arguments.rounds
    film = folder / "film.mkv"
    with film.open("wb") as file:
        block = os.urandom(8 * MIB)
        while file.tell() < size:
            file.write(block[: size - file.tell()])
    film.chmod(0o644)
    ports = {"sokoul": free_port(), "nginx": free_port()}
    (folder / "nginx.conf").write_text(NGINX.format(folder=folder, port=ports["nginx"]))
    nginx = ["nginx", "-p", str(folder), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
    own = [sys.executable, __file__, "--serve", str(folder), str(ports["sokoul"])]
    servers = {"sokoul": subprocess.Popen(own), "nginx": subprocess.Popen(nginx)}
    try:
        return interleave(arguments, servers, ports, size)
    finally:
        for process in servers.values():
            process.terminate()
            process.wait()


def interleave(
    arguments: argparse.Namespace,
    servers: dict[str, subprocess.Popen[bytes]],
    ports: dict[str, int],
    size: int,
) -> float:
    runs: dict[str, list[Run]] = {name: [] for name in servers}
    for port in ports.values():
        wait_for(port)
        read_all(port, arguments.readers, size)  # warms both alike
    for _ in range(arguments.rounds):
        for name, server in servers.items():
            runs[name].append(measure(psutil.Process(server.pid), ports[name], arguments.readers, size))
    for name in servers:
        report(name, runs[name])
    medians = {name: statistics.median(run.cpu_per_gb for run in runs[name]) for name in servers}
    return medians["sokoul"] / medians["nginx"]


def main() -> int:
    parser = argparse.ArgumentParser(prog="scripts/bench serve", description=__doc__)
    parser.add_argument("--gigabytes", type=int, default=4, help="to read from each side, over all rounds")
    parser.add_argument("--readers", type=int, default=8)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--limit", type=float, default=1.5, help="greatest ratio that is still a success")
    parser.add_argument("--serve", nargs=2, metavar=("FOLDER", "PORT"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.serve:
        serve_sokoul(Path(arguments.serve[0]), int(arguments.serve[1]))
        return 0
    for tool in ("nginx", "curl"):
        if shutil.which(tool) is None:
            print(f"{tool} is missing: apt-get install nginx-light curl", file=sys.stderr)
            return 2
    print(
        f"{platform.platform()}, {os.cpu_count()} CPU, load {os.getloadavg()[0]:.1f}, "
        f"Python {platform.python_version()}"
    )
    with tempfile.TemporaryDirectory(prefix="sokoul-bench-") as folder:
        ratio = compare(arguments, Path(folder))
    print(f"ratio sokoul/nginx {ratio:.2f} (limit {arguments.limit}), {arguments.readers} readers")
    return 0 if ratio <= arguments.limit else 1


if __name__ == "__main__":
    raise SystemExit(main())
