package io.gpuctl.cli.chaos.scenario;

import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.scenario.Scenario.Use;
import java.time.Duration;
import java.util.List;

/** Processes that are killed, paused and restarted under load. */
final class ProcessScenarios {
    private static final Duration STOP_LIMIT = Duration.ofSeconds(40);

    static final List<Scenario> ALL = List.of(
            new Scenario(
                    "kill-orchestrator", "kill -9 of an orchestrator", Use.ANYWHERE, s -> kill(s, "orchestrator-")),
            new Scenario("kill-api", "kill -9 of an API", Use.ANYWHERE, s -> kill(s, "api-")),
            new Scenario(
                    "kill-simulator",
                    "kill -9 of the simulator with all nodes",
                    Use.ANYWHERE,
                    s -> kill(s, "simulator")),
            new Scenario("kill-broker", "kill -9 of a broker", Use.ANYWHERE, s -> kill(s, "broker")),
            new Scenario(
                    "kill-several",
                    "kill -9 of two to four processes at once",
                    Use.ANYWHERE,
                    ProcessScenarios::killSeveral),
            new Scenario(
                    "failover",
                    "kill -9 of an orchestrator that is not restarted: the other one takes over",
                    Use.ANYWHERE,
                    ProcessScenarios::failover),
            new Scenario(
                    "pause-orchestrator",
                    "SIGSTOP of an orchestrator for longer than its session, then SIGCONT: the zombie is fenced",
                    Use.ANYWHERE,
                    s -> pause(s, "orchestrator-", 5, 30)),
            new Scenario("pause-api", "SIGSTOP of an API, then SIGCONT", Use.ANYWHERE, s -> pause(s, "api-", 2, 20)),
            new Scenario(
                    "pause-simulator",
                    "SIGSTOP of the simulator until its nodes are lost, then SIGCONT",
                    Use.ANYWHERE,
                    s -> pause(s, "simulator", 5, 25)),
            new Scenario(
                    "pause-broker", "SIGSTOP of a broker, then SIGCONT", Use.ANYWHERE, s -> pause(s, "broker", 2, 15)),
            new Scenario(
                    "restart-all",
                    "every service is stopped in an orderly way and restarted, one by one",
                    Use.ANYWHERE,
                    ProcessScenarios::restartServices),
            new Scenario(
                    "rolling-restart",
                    "each of three brokers is stopped and restarted, one by one",
                    Use.THREE_BROKERS,
                    ProcessScenarios::rollingRestart));

    private ProcessScenarios() {}

    private static void kill(Stage stage, String kind) {
        stage.kill(stage.any(kind));
        stage.pauseSeconds(0, 10);
    }

    private static void killSeveral(Stage stage) {
        int count = 2 + stage.random().nextInt(3);
        boolean brokerDown = false;
        for (int i = 0; i < count; i++) {
            ChildProcess process = stage.any("");
            boolean isBroker = process.name().startsWith("broker");
            // Only one of three brokers may be down: with two down, writes that need two copies could not go on.
            if (!isBroker || !brokerDown) {
                stage.kill(process);
                brokerDown |= isBroker;
            }
        }
        stage.pauseSeconds(0, 8);
    }

    private static void failover(Stage stage) {
        ChildProcess process = stage.any("orchestrator-");
        stage.kill(process);
        stage.awaitServiceWithout(process.name());
        stage.say("the other one has taken over");
    }

    private static void pause(Stage stage, String kind, double least, double most) {
        ChildProcess process = stage.any(kind);
        stage.say("SIGSTOP %s".formatted(process.name()));
        process.pause();
        stage.pauseSeconds(least, most);
        process.resume();
        stage.say("SIGCONT %s".formatted(process.name()));
    }

    private static void restartServices(Stage stage) {
        for (ChildProcess process : stage.cluster().processes()) {
            if (!process.name().startsWith("broker")) {
                restart(stage, process);
            }
        }
    }

    private static void rollingRestart(Stage stage) {
        for (ChildProcess broker : stage.cluster().processes("broker-")) {
            restart(stage, broker);
            stage.until("all replicas are in sync", stage.cluster()::isInSync);
        }
    }

    private static void restart(Stage stage, ChildProcess process) {
        stage.say("restart %s".formatted(process.name()));
        if (!process.stop(STOP_LIMIT)) {
            stage.say("%s did not stop within %d s, and was killed".formatted(process.name(), STOP_LIMIT.toSeconds()));
        }
        stage.cluster().heal();
    }
}
