package io.gpuctl.cli.chaos;

import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.Ledger;
import io.gpuctl.cli.chaos.client.LoadGenerator;
import io.gpuctl.cli.chaos.client.Timeline;
import io.gpuctl.cli.chaos.cluster.ChaosCluster;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.ChildProcess;
import io.gpuctl.cli.chaos.cluster.Program;
import io.gpuctl.cli.chaos.scenario.Scenario;
import io.gpuctl.cli.chaos.scenario.Stage;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/** A chaos campaign: starts a cluster, puts load on it, injects faults, and returns the verdict. */
final class Campaign {
    /** The load runs in the default pool; the second pool is for scenarios that need one. */
    private static final String NODES = """
        - count: 8
          gpus: 8
        - count: 2
          id_prefix: other-
          pool: other
          gpus: 8
        """;

    /**
     * The plan of a campaign.
     *
     * @param seed seeds the choice of load and faults; the timing of the processes' answers remains random
     * @param brokers 1 or 3
     * @param ratePerSecond requests of the load
     * @param oldBuild the build that the cluster of an upgrade starts with
     */
    record Plan(long seed, int brokers, int ratePerSecond, Path directory, Optional<Program> oldBuild) {}

    private final Plan plan;
    private final PrintWriter out;
    private final SplittableRandom random;
    private final List<String> broken = new ArrayList<>();
    private int kills;
    private int scenarios;

    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("HH:mm:ss", Locale.ROOT);
    private static final Logger KAFKA_CLIENTS = Logger.getLogger("org.apache.kafka.clients");

    Campaign(Plan plan, PrintWriter out) {
        KAFKA_CLIENTS.setLevel(Level.OFF); // Broken connections are part of the test.
        this.plan = plan;
        this.out = out;
        random = new SplittableRandom(plan.seed());
    }

    /** Runs one scenario. */
    Verdict run(Scenario scenario) {
        say("scenario %s: %s".formatted(scenario.name(), scenario.summary()));
        if (scenario.use() == Scenario.Use.UP) {
            return runUp(scenario);
        }
        Program first = scenario.use() == Scenario.Use.UPGRADE ? plan.oldBuild().orElseThrow() : Program.current();
        return run(
                new ChaosCluster.Programs(first, Program.current()),
                stage -> {
                    stage.pauseSeconds(2, 4);
                    play(scenario, stage);
                    stage.pauseSeconds(1, 2);
                },
                scenario.use() != Scenario.Use.ALONE_FORGED);
    }

    private Verdict runUp(Scenario scenario) {
        try (var cluster = ChaosCluster.empty(Program.current(), plan.directory())) {
            scenario.course().run(new Stage(cluster, List.of(), new Timeline(), random.split(), this::say));
            return new Verdict(List.of(), List.of());
        } catch (Exception e) {
            return broken(e);
        }
    }

    /** Returns the verdict of a campaign that failed here, including all earlier findings. */
    private Verdict broken(Exception e) {
        broken.add(text(e));
        return new Verdict(List.copyOf(broken), List.of());
    }

    private static String text(Exception e) {
        Throwable cause = e instanceof ExecutionException && e.getCause() != null ? e.getCause() : e;
        return cause instanceof ChaosException ? String.valueOf(cause.getMessage()) : cause.toString();
    }

    /** Runs random scenarios one after the other for this duration, and kills random services meanwhile. */
    Verdict soak(Duration duration, List<Scenario> choice) {
        return run(
                ChaosCluster.Programs.all(Program.current()),
                stage -> {
                    long endNanos = System.nanoTime() + duration.toNanos();
                    while (System.nanoTime() < endNanos) {
                        stage.pauseSeconds(1, 8);
                        Scenario scenario = choice.get(random.nextInt(choice.size()));
                        say("%d: %s".formatted(scenarios + 1, scenario.name()));
                        boolean mayKill = scenario.use() != Scenario.Use.UNDISTURBED;
                        @Nullable Thread killer = mayKill && random.nextInt(3) == 0 ? killDuring(stage) : null;
                        playAndGoOn(scenario, stage);
                        if (killer != null) {
                            killer.join();
                        }
                        stage.cluster().heal();
                        stage.awaitService();
                    }
                },
                true);
    }

    /** Kills a random service while a scenario runs. Never kills a broker. */
    private Thread killDuring(Stage stage) {
        List<ChildProcess> services = stage.cluster().processes().stream()
                .filter(process -> !process.name().startsWith("broker"))
                .toList();
        ChildProcess victim = services.get(random.nextInt(services.size()));
        Duration delay = Duration.ofMillis(random.nextInt(5_000));
        kills++;
        return Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(delay);
                say("kill -9 %s during the scenario".formatted(victim.name()));
                victim.kill();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    private void play(Scenario scenario, Stage stage) throws Exception {
        scenarios++;
        scenario.course().run(stage);
    }

    /** Records what a scenario of a soak finds. The soak continues, unless the cluster does not recover afterwards. */
    private void playAndGoOn(Scenario scenario, Stage stage) throws InterruptedException {
        try {
            play(scenario, stage);
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            String finding = "%s: %s".formatted(scenario.name(), text(e));
            say("BROKEN  " + finding);
            broken.add(finding);
        }
    }

    private Verdict run(ChaosCluster.Programs programs, Scenario.Course course, boolean isJudged) {
        try (var cluster = ChaosCluster.start(programs, plan.directory(), shape());
                var ledger = new Ledger(plan.directory().resolve("ledger.jsonl"))) {
            List<ApiClient> apis = cluster.apis().stream().map(ApiClient::new).toList();
            try {
                say("%d processes are running".formatted(cluster.processes().size()));
                var stage = new Stage(cluster, apis, ledger.timeline(), random.split(), this::say);
                return run(course, isJudged, stage, ledger);
            } finally {
                apis.forEach(ApiClient::close);
            }
        } catch (ChaosException e) {
            return broken(e);
        }
    }

    private Verdict run(Scenario.Course course, boolean isJudged, Stage stage, Ledger ledger) {
        try (var load =
                new LoadGenerator(stage.cluster().apis(), ledger, random.nextLong() & 0xffffff, plan.ratePerSecond())) {
            course.run(stage);
            stage.cluster().heal();
            stage.awaitService();
            load.stop();
            say("%d scenarios, %d kills during a scenario".formatted(scenarios, kills));
            if (!isJudged) {
                return new Verdict(List.of(), List.of("the log contains forged facts, so it was not checked"));
            }
            Verdict verdict = new Ending(stage.cluster(), stage.apis(), ledger, this::say).run();
            broken.addAll(verdict.broken());
            return new Verdict(List.copyOf(broken), verdict.account());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return broken(e);
        } catch (Exception e) {
            return broken(e);
        }
    }

    private ChaosCluster.Shape shape() {
        try {
            Path nodes = Files.writeString(plan.directory().resolve("nodes.yaml"), NODES);
            return new ChaosCluster.Shape(plan.brokers(), List.of("--cluster", nodes.toString()), List.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void say(String line) {
        synchronized (out) {
            out.println("%s  %s".formatted(LocalTime.now(ZoneId.systemDefault()).format(TIME), line));
            out.flush();
        }
    }
}
