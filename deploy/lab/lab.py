#!/usr/bin/env python3
"""Runs a cluster of many hosts on one machine: what its users see while a host is cut off, and while another is killed.

    sudo deploy/lab/lab.py --out DIR

Each host is a network namespace with one network card. The cards are TAP devices of a switch process (Switch.java), which
delays each frame and drops some frames. The namespaces have no connection to the outside. All processes end with the program:
at its end, on an error, on Ctrl-C, and when it is killed. DIR gets report.md, seconds.csv, and the output of each process.

The hosts are three brokers (Apache Kafka's own), two orchestrators, two APIs, four simulators, and a user's host. The user's
host submits tasks through both APIs (gpuctl chaos load), keeps the ledger, and checks the health of both APIs each second.
Needs root, Linux, Python 3.9 and a built gpuctl.
"""

import argparse
import csv
import datetime
import gzip
import http.client
import json
import os
import pathlib
import shutil
import signal
import statistics
import subprocess
import sys
import threading
import time
import urllib.request

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PREFIX = "gpuctl-lab-"
NETWORK = "10.77.0."
BROKERS = ["broker-1", "broker-2", "broker-3"]
ORCHESTRATORS = ["orchestrator-1", "orchestrator-2"]
APIS = ["api-1", "api-2"]
SIMULATORS = ["simulator-1", "simulator-2", "simulator-3", "simulator-4"]
USER = "user"
HOSTS = BROKERS + ORCHESTRATORS + APIS + SIMULATORS + [USER]
ADDRESS = {host: NETWORK + str(11 + number) for number, host in enumerate(HOSTS)}
KAFKA = ",".join(ADDRESS[broker] + ":9092" for broker in BROKERS)
API_PORT = 8080
SECRET = "only-inside-these-namespaces"
CLUSTER_ID = "gpuctllabAAAAAAAAAAAAA"
READY_LIMIT_S = 240

# Processes that this program starts die with it, even if it is killed.
WITH_THIS_PROGRAM = ["setpriv", "--pdeathsig", "KILL"]

# JVM options by kind of host. API and orchestrator have the memory that docs/kubernetes.md requires for more than 500 nodes.
MEMORY = {"broker": "-Xmx512m", "orchestrator": "-Xmx1536m", "api": "-Xmx1536m", "simulator": "-Xmx256m", "user": "-Xmx384m"}


class LabError(Exception):
    pass


def say(text):
    print(f"{datetime.datetime.now():%H:%M:%S}  {text}", flush=True)


def ip(*arguments, check=True):
    result = subprocess.run(["ip", *arguments], capture_output=True, text=True)
    if check and result.returncode != 0:
        raise LabError(f"ip {' '.join(arguments)}: {result.stderr.strip()}")


class Lan:
    """The namespaces and the switch between them."""

    def __init__(self, java, delay_ms, loss, seed):
        self.devices = {host: f"lab{number}" for number, host in enumerate(HOSTS)}
        self.switch = subprocess.Popen(
            [*WITH_THIS_PROGRAM, java, "-Xmx256m", "--enable-native-access=ALL-UNNAMED", str(HERE / "Switch.java"),
             str(delay_ms), str(loss), str(seed), *self.devices.values()],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, start_new_session=True)
        if self.switch.stdout.readline().strip() != "ready":
            raise LabError("The switch did not start")
        for host in HOSTS:
            name = PREFIX + host
            ip("netns", "add", name)
            ip("link", "set", self.devices[host], "netns", name, "name", "eth0")
            ip("-n", name, "addr", "add", ADDRESS[host] + "/24", "dev", "eth0")
            ip("-n", name, "link", "set", "eth0", "up")
            ip("-n", name, "link", "set", "lo", "up")

    def order(self, command, host):
        self.switch.stdin.write(f"{command} {self.devices[host]}\n")
        self.switch.stdin.flush()

    def count(self):
        self.switch.stdin.write("count\n")
        self.switch.stdin.flush()
        return self.switch.stdout.readline().strip()

    @staticmethod
    def remove():
        for host in HOSTS:
            ip("netns", "del", PREFIX + host, check=False)


class Lab:
    def __init__(self, options, java):
        self.options = options
        self.java = java
        self.out = options.out
        self.app = ROOT / "cli/target/quarkus-app"
        self.processes = {}
        self.lan = None
        self.moment = None

    # --- processes -----------------------------------------------------------------------------------------------------

    def start(self, host, command, name=None):
        name = name or host
        log = open(self.out / f"{name}.log", "ab")
        kind = host.rsplit("-", 1)[0]
        environment = dict(
            os.environ,
            GPUCTL_NO_BUILD="1",
            GPUCTL_INTERNAL_SECRET=SECRET,
            # Only the first compiler: all hosts share this machine's processors.
            GPUCTL_JAVA_OPTS=f"-XX:TieredStopAtLevel=1 {MEMORY[kind]}")
        # In a session of its own: Ctrl-C reaches only this program, which then ends the others in order.
        process = subprocess.Popen(
            [*WITH_THIS_PROGRAM, "ip", "netns", "exec", PREFIX + host, *command],
            stdout=log, stderr=log, env=environment, start_new_session=True)
        self.processes[name] = process
        return process

    def gpuctl(self, *arguments):
        return [str(ROOT / "gpuctl"), *arguments]

    def service(self, host):
        kind = host.rsplit("-", 1)[0]
        more = {
            "orchestrator": [],
            "api": ["--host", ADDRESS[host], "--port", str(API_PORT), "--advertise", ADDRESS[host]],
            "simulator": ["--nodes", str(self.options.nodes), "--gpus-per-node", str(self.options.gpus),
                          "--id-prefix", f"s{host[-1]}-"],
        }[kind]
        return self.gpuctl("run", kind, "--kafka", KAFKA, "--instance", host, "--data", str(self.out / "data" / host),
                           "--speed", str(self.options.speed), *more)

    def broker(self, host):
        return [self.java, "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", MEMORY["broker"],
                "-cp", f"{self.app}/lib/main/*", "kafka.Kafka", str(self.out / f"{host}.properties")]

    def format_broker(self, host):
        voters = ",".join(f"{number + 1}@{ADDRESS[each]}:9093" for number, each in enumerate(BROKERS))
        settings = {
            "process.roles": "broker,controller",
            "node.id": host[-1],
            "controller.quorum.voters": voters,
            "controller.listener.names": "CONTROLLER",
            "inter.broker.listener.name": "BROKER",
            "listener.security.protocol.map": "BROKER:PLAINTEXT,CONTROLLER:PLAINTEXT",
            "listeners": f"BROKER://{ADDRESS[host]}:9092,CONTROLLER://{ADDRESS[host]}:9093",
            "log.dirs": self.out / "data" / host,
            "default.replication.factor": 3,
            "min.insync.replicas": 2,
            "offsets.topic.replication.factor": 3,
            "transaction.state.log.replication.factor": 3,
            "transaction.state.log.min.isr": 2,
            "share.coordinator.state.topic.replication.factor": 3,
            "share.coordinator.state.topic.min.isr": 2,
            "auto.create.topics.enable": "false",
            "offsets.topic.num.partitions": 4,
            "transaction.state.log.num.partitions": 4,
            "share.coordinator.state.topic.num.partitions": 1,
            "group.min.session.timeout.ms": 1000,
            "add.partitions.to.txn.retry.backoff.ms": 1,
            "metric.reporters": "",
        }
        file = self.out / f"{host}.properties"
        file.write_text("".join(f"{name}={value}\n" for name, value in settings.items()))
        subprocess.run(
            [self.java, "-cp", f"{self.app}/lib/main/*", "kafka.tools.StorageTool", "format", "-t", CLUSTER_ID, "-c", file],
            check=True, capture_output=True)

    def command(self, host):
        return self.broker(host) if host in BROKERS else self.service(host)

    def await_ready(self, *hosts):
        end = time.monotonic() + READY_LIMIT_S
        for host in hosts:
            log = self.out / f"{host}.log"
            while not self.is_ready(host, log):
                if self.processes[host].poll() is not None:
                    raise LabError(f"{host} ended: {tail(log)}")
                if time.monotonic() > end:
                    raise LabError(f"{host} is not ready after {READY_LIMIT_S} s: {tail(log)}")
                time.sleep(0.2)

    @staticmethod
    def is_ready(host, log):
        if host not in BROKERS:
            return "ready in " in log.read_text(errors="replace")
        # Without a logging configuration a broker prints no line when it is ready. It listens once it has registered.
        connect = f"import socket; socket.create_connection(('{ADDRESS[host]}', 9092), 1)"
        return subprocess.run(["ip", "netns", "exec", PREFIX + USER, sys.executable, "-c", connect],
                              capture_output=True).returncode == 0

    def kill(self, name):
        """Sends SIGKILL to all processes of a host, as if its power failed."""
        process = self.processes.pop(name)
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def require_alive(self):
        """Fails if a service has ended that was not killed."""
        for host in HOSTS:
            if host in self.processes and self.processes[host].poll() is not None:
                raise LabError(f"{host} ended: {tail(self.out / f'{host}.log')}")

    def end(self):
        # A second Ctrl-C must not interrupt this method: the remaining processes would continue to run.
        for ending in (signal.SIGINT, signal.SIGTERM):
            signal.signal(ending, signal.SIG_IGN)
        for process in self.processes.values():
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()
        if self.lan is not None:
            self.lan.switch.kill()
            self.lan.switch.wait()
        Lan.remove()

    # --- the course ----------------------------------------------------------------------------------------------------

    def run(self):
        options = self.options
        Lan.remove()  # The namespaces of an earlier run that was killed.
        self.lan = Lan(self.java, options.delay_ms, options.loss, options.seed)
        say(f"{len(HOSTS)} hosts, {options.delay_ms} ms and {100 * options.loss:g} % loss each way")
        for host in BROKERS:
            self.format_broker(host)
            self.start(host, self.command(host))
        for host in BROKERS + ORCHESTRATORS + APIS + SIMULATORS:
            if host not in BROKERS:
                self.start(host, self.command(host))
            # One by one up to the orchestrators, since the first orchestrator creates the topics.
            if host in BROKERS + ORCHESTRATORS:
                self.await_ready(host)
        self.await_ready(*APIS, *SIMULATORS)
        say(f"all are ready, with {options.nodes * len(SIMULATORS)} nodes")
        urls = ",".join(f"http://{ADDRESS[api]}:{API_PORT}" for api in APIS)
        probe = self.start(USER, [sys.executable, str(HERE / "lab.py"), "--probe", str(self.out / "health.csv")], "probe")
        load = self.start(USER, self.gpuctl(
            "chaos", "load", "--api", urls, "--kafka", KAFKA, "--rate", str(options.rate), "--seconds",
            str(sum(PHASES.values())), "--seed", str(options.seed), "-o", str(self.out / "load")), "load")
        log = self.out / "load.log"
        while not log.exists() or "seed " not in log.read_text(errors="replace"):
            if load.poll() is not None:
                raise LabError(f"The load ended: {tail(log)}")
            time.sleep(0.1)
        asked = subprocess.run(
            ["ip", "netns", "exec", PREFIX + USER, sys.executable, str(HERE / "lab.py"), "--clock"],
            capture_output=True, text=True)
        if asked.returncode != 0:
            raise LabError(f"{APIS[0]} does not say the cluster's time: {asked.stderr.strip()[-300:]}")
        self.moment = [float(number) for number in asked.stdout.split()]
        starts = self.play()
        say("waiting until every task has ended, and for the verdict")
        while load.poll() is None:
            self.require_alive()
            time.sleep(0.5)
        held = load.returncode == 0
        probe.terminate()
        probe.wait()
        export = self.start(USER, self.gpuctl(
            "log", "export", "--kafka", KAFKA, "--topics", "cluster-events", "-o", str(self.out / "export")), "export")
        if export.wait() != 0:
            raise LabError(f"export: {tail(self.out / 'export.log')}")
        verify = self.start(USER, self.gpuctl("verify", "--kafka", KAFKA), "verify")
        verify.wait()
        report(self, starts)
        say(f"{'passed' if held else 'FAILED'}; {tail(self.out / 'verify.log', 1)}; {self.out / 'report.md'}")
        return 0 if held and verify.returncode == 0 else 1

    def play(self):
        options = self.options
        starts = {}

        def phase(name, what):
            say(f"{name}: {what}")
            starts[name] = time.time()

        def wait(name):
            while time.time() < starts[name] + PHASES[name]:
                self.require_alive()
                time.sleep(0.2)

        phase("warming", "nothing is broken, and the virtual machines are cold")
        wait("warming")
        phase("before", "nothing is broken")
        wait("before")
        phase("cut", f"{options.cut} is cut off")
        self.lan.order("cut", options.cut)
        wait("cut")
        phase("joined", f"{options.cut} is back on the network")
        self.lan.order("join", options.cut)
        wait("joined")
        phase("killed", f"all that runs on {options.kill} is killed")
        self.kill(options.kill)
        wait("killed")
        phase("restarted", f"{options.kill} is started again")
        (self.out / f"{options.kill}.log").rename(self.out / f"{options.kill}-killed.log")
        self.start(options.kill, self.command(options.kill))
        wait("restarted")
        return starts


# Seconds of each phase.
PHASES = {"warming": 90, "before": 30, "cut": 60, "joined": 30, "killed": 60, "restarted": 45}


def tail(file, lines=5):
    text = file.read_text(errors="replace").strip().splitlines() if file.exists() else []
    return " | ".join(text[-lines:])


# --- the user's host -------------------------------------------------------------------------------------------------------


def probe(file):
    """Records the health of both APIs and the age of their views each second. Runs on the user's host until it is terminated."""
    lock = threading.Lock()
    with open(file, "w", newline="") as target:
        rows = csv.writer(target)
        rows.writerow(["second", "api", "ready", "problem", "lag_seconds"])

        def ask(api, second):
            ready, problem, lag = "no answer", "", ""
            try:
                with get(api, "/health/ready") as answer:
                    ready = answer.status
                    problem = first_problem(answer.read())
            except urllib.error.HTTPError as e:
                ready, problem = e.code, first_problem(e.read())
            except (OSError, http.client.HTTPException) as e:
                problem = str(e)
            try:
                with get(api, "/metrics") as answer:
                    lags = [float(line.split()[-1]) for line in answer.read().decode().splitlines()
                            if line.startswith("gpuctl_view_lag_seconds{")]
                    lag = max(lags) if lags else ""
            except (OSError, http.client.HTTPException):
                pass  # An empty cell: the API did not answer in time.
            with lock:
                rows.writerow([second, api, ready, problem, lag])
                target.flush()

        while True:
            second = int(time.time())
            for api in APIS:
                threading.Thread(target=ask, args=(api, second), daemon=True).start()
            time.sleep(max(0.0, second + 1 - time.time()))


def get(api, path):
    return urllib.request.urlopen(f"http://{ADDRESS[api]}:{API_PORT}{path}", timeout=3)


def first_problem(body):
    try:
        return json.loads(body)["checks"][0]["data"].get("problem", "")
    except (ValueError, KeyError, IndexError):
        return ""


# --- the report ------------------------------------------------------------------------------------------------------------


def cluster_time():
    """Returns the wall time and the cluster time of one moment, in seconds since the epoch; runs on the user's host."""
    before = time.time()
    with get(APIS[0], "/cluster/status") as answer:
        text = json.load(answer)["cluster_time"]
    return before, datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()


def placements(export, wall_s, cluster_s, speed):
    """
    Returns for each second of wall time how long the tasks placed in it had waited since their submission, in milliseconds of
    wall time. Events have cluster time; wall_s and cluster_s are the same moment.
    """
    waits = {}
    for file in sorted(export.glob("cluster-events-*.jsonl.gz")):
        submitted = {}
        with gzip.open(file, "rt") as lines:
            for line in lines:
                record = json.loads(line)
                event = record["value"]["event"]
                if event["type"] == "task_submitted":
                    submitted[event["task"]["task_id"]] = record["value"]["at_ms"]
                elif event["type"] == "task_placed" and event["attempt"] == 1:
                    at_ms = record["value"]["at_ms"]
                    second = int(wall_s + (at_ms / 1000 - cluster_s) / speed)
                    waits.setdefault(second, []).append((at_ms - submitted.get(event["task_id"], at_ms)) / speed)
    return waits


def seconds(lab):
    """Returns a row for each second: the answers of each API, the placements, and the health of the APIs."""
    rows = {}
    with open(lab.out / "load" / "seconds.csv") as file:
        for row in csv.DictReader(file):
            second = int(datetime.datetime.fromisoformat(row["time"].replace("Z", "+00:00")).timestamp())
            api = next(api for api in APIS if ADDRESS[api] in row["api"])
            rows.setdefault(second, {})[api] = row
    with open(lab.out / "health.csv") as file:
        for row in csv.DictReader(file):
            if int(row["second"]) in rows:
                rows[int(row["second"])][row["api"] + " health"] = row
    for second, waits in placements(lab.out / "export", *lab.moment, lab.options.speed).items():
        if second in rows:
            rows[second]["waits"] = waits
    return dict(sorted(rows.items()))


COLUMNS = ["answered", "refused", "unanswered", "latency_ms_median", "latency_ms_max"]


def write_seconds(lab, rows, starts):
    first = min(rows)
    with open(lab.out / "seconds.csv", "w", newline="") as file:
        out = csv.writer(file)
        out.writerow(["second", "phase"] + [f"{api} {column}" for api in APIS for column in COLUMNS + ["ready", "lag_seconds"]]
                     + ["placed", "placed_after_ms_median"])
        for second, row in rows.items():
            line = [second - first, phase_of(second, starts)]
            for api in APIS:
                health = row.get(api + " health", {})
                line += [row.get(api, {}).get(column, "") for column in COLUMNS]
                line += [health.get("ready", ""), health.get("lag_seconds", "")]
            waits = row.get("waits", [])
            out.writerow(line + [len(waits), round(statistics.median(waits)) if waits else ""])


def phase_of(second, starts):
    """Returns the phase of a second; the first phase also for the time before it."""
    begun = [name for name, start in starts.items() if int(start) <= second]
    return begun[-1] if begun else next(iter(starts))


def summary(rows, starts, api, phase):
    of = [row for second, row in rows.items() if phase_of(second, starts) == phase]
    asked = [row[api] for row in of if api in row]
    health = [row[api + " health"] for row in of if api + " health" in row]
    outage = longest = 0
    for row in asked:
        outage = 0 if int(row["answered"]) else outage + 1
        longest = max(longest, outage)
    medians = [int(row["latency_ms_median"]) for row in asked if row["latency_ms_median"]]
    maxima = [int(row["latency_ms_max"]) for row in asked if row["latency_ms_max"]]
    lags = [float(row["lag_seconds"]) for row in health if row["lag_seconds"]]
    return [
        *(sum(int(row[column]) for row in asked) for column in ("answered", "refused", "unanswered")),
        f"{longest} s",
        round(statistics.median(medians)) if medians else "-",
        max(maxima, default="-"),
        f"{max(lags, default=0):.1f} s",
        f"{sum(row['ready'] != '200' for row in health)} s",
    ]


def report(lab, starts):
    options = lab.options
    rows = seconds(lab)
    write_seconds(lab, rows, starts)
    what = {
        "warming": "nothing broken, cold",
        "before": "nothing broken",
        "cut": f"{options.cut} cut off",
        "joined": f"{options.cut} back",
        "killed": f"{options.kill} killed",
        "restarted": f"{options.kill} started again",
    }
    lines = [
        "# What users saw",
        "",
        f"{len(BROKERS)} brokers, {len(ORCHESTRATORS)} orchestrators, {len(APIS)} APIs, {len(SIMULATORS)} simulators with"
        f" {options.nodes} nodes of {options.gpus} GPUs each, on {os.cpu_count()} processors; {options.delay_ms} ms and {100 * options.loss:g} %"
        f" loss each way; {options.rate} requests a second; speed {options.speed:g}; seed {options.seed}.",
        f"Frames: {lab.lan.count()}.",
        "",
        "| phase | s | API | answered | refused (503) | unanswered | longest outage | latency, median ms | max ms |"
        " views behind, max | not ready |",
        "|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for phase in PHASES:
        for api in APIS:
            cells = [what[phase], PHASES[phase], api, *summary(rows, starts, api, phase)]
            lines.append("| " + " | ".join(str(cell) for cell in cells) + " |")
    lines += ["", "| phase | placements a second | seconds without one | placed after, median ms | max ms |", "|---|---|---|---|---|"]
    for phase in PHASES:
        of = [row.get("waits", []) for second, row in rows.items() if phase_of(second, starts) == phase]
        waits = [wait for each in of for wait in each]
        lines.append(
            f"| {what[phase]} | {len(waits) / max(1, len(of)):.1f} | {sum(not each for each in of)} |"
            f" {round(statistics.median(waits)) if waits else '-'} | {max(waits, default='-')} |")
    lines += ["", "The verdict of the load:", "", "```", *(lab.out / "load.log").read_text().strip().splitlines(), "```",
              "", "`gpuctl verify`: " + tail(lab.out / "verify.log", 1), "", "seconds.csv has each second.", ""]
    (lab.out / "report.md").write_text("\n".join(lines))


def find_java():
    script = f'. "{ROOT}/.mvn/find-jdk.sh"; printf %s "$JAVA_HOME"'
    home = subprocess.run(["sh", "-c", f'root="{ROOT}"; {script}'], capture_output=True, text=True, check=True).stdout
    return home + "/bin/java"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--out", type=pathlib.Path, help="an empty or new directory for the report")
    parser.add_argument("--delay-ms", type=float, default=2, help="of each frame, one way (default: 2)")
    parser.add_argument("--loss", type=float, default=0.001, help="part of the frames that are lost (default: 0.001)")
    parser.add_argument("--nodes", type=int, default=500, help="of each simulator (default: 500)")
    parser.add_argument("--gpus", type=int, default=2, help="of each node (default: 2)")
    parser.add_argument("--rate", type=int, default=10, help="requests a second (default: 10)")
    parser.add_argument("--speed", type=float, default=0.05, help="of cluster time; below 1 nodes report less often (default: 0.05)")
    parser.add_argument("--cut", default="broker-2", choices=HOSTS[:-1], help="the host that is cut off (default: broker-2)")
    parser.add_argument("--kill", default="api-1", choices=HOSTS[:-1], help="the host that is killed (default: api-1)")
    parser.add_argument("--seed", type=int, default=1, help="draws the load and the losses (default: 1)")
    parser.add_argument("--probe", type=pathlib.Path, help=argparse.SUPPRESS)
    parser.add_argument("--clock", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.clock:
        print(*cluster_time())
        return 0
    if options.probe:
        probe(options.probe)
    if options.out is None:
        parser.error("--out DIR is needed")
    if os.geteuid() != 0 or shutil.which("ip") is None:
        sys.exit("The lab needs root, and the command ip (Debian: iproute2)")
    if not (ROOT / "cli/target/quarkus-app/gpuctl.jar").exists():
        sys.exit("gpuctl is not built: run ./mvnw package, or ./gpuctl --version, first")
    options.out = options.out.resolve()
    options.out.mkdir(parents=True, exist_ok=True)
    if any(options.out.iterdir()):
        sys.exit(f"--out is {options.out}, but must be an empty or new directory")
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    lab = Lab(options, find_java())
    try:
        return lab.run()
    except KeyboardInterrupt:
        return 130
    except LabError as e:
        say(f"FAILED: {e}")
        return 1
    finally:
        lab.end()


if __name__ == "__main__":
    sys.exit(main())
