package io.gpuctl.cli.chaos;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.chaos.client.ApiClient;
import io.gpuctl.cli.chaos.client.Ledger;
import io.gpuctl.cli.chaos.client.LoadGenerator;
import io.gpuctl.cli.chaos.cluster.ChaosException;
import io.gpuctl.cli.chaos.cluster.KafkaAccess;
import io.gpuctl.cli.kafka.ClusterBroker;
import io.gpuctl.cli.kafka.KafkaConfigOption;
import io.gpuctl.events.input.FileFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code gpuctl chaos load}. */
@Command(
        name = "load",
        description = {
            "Sends the load of a campaign to a cluster that runs elsewhere, and checks that nothing acknowledged was"
                    + " lost and nothing was done twice. Break the cluster meanwhile.",
            "Writes to DIR ledger.jsonl, every request and answer, and seconds.csv, what the users of each API saw."
        },
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:all checks passed", ChaosCommand.FAILED, ChaosCommand.MISUSED})
final class LoadCommand implements Callable<Integer> {
    private static final int RATE_MAX = 1_000;
    private static final int SECONDS_MAX = 86_400;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls the command.
    private CommandSpec spec;

    @Option(
            names = "--api",
            paramLabel = "URL",
            split = ",",
            required = true,
            description = "Addresses of the APIs: each request goes to a random one.")
    private List<URI> apis = List.of();

    @Option(names = "--kafka", paramLabel = "HOST:PORT", description = "The Kafka cluster whose log is checked.")
    private @Nullable String kafka;

    @Mixin
    private KafkaConfigOption kafkaConfig = new KafkaConfigOption();

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10",
            description = "Requests per second (default: ${DEFAULT-VALUE}).")
    private int rate;

    @Option(names = "--seconds", paramLabel = "S", required = true, description = "How many seconds to send requests.")
    private int seconds;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the requests (default: a random one, which is printed). Use each seed only once on a"
                    + " cluster, because the ids of the tasks follow from it.")
    private @Nullable Long seed;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "DIR",
            required = true,
            description = "Directory for the ledger.")
    private Path directory = Path.of("");

    @Override
    public Integer call() throws InterruptedException {
        requireInRange("--rate", rate, RATE_MAX);
        requireInRange("--seconds", seconds, SECONDS_MAX);
        apis.forEach(this::requireAddress);
        PrintWriter out = spec.commandLine().getOut();
        try (var broker = ClusterBroker.of(kafka, kafkaConfig, null)) {
            Files.createDirectories(directory);
            Verdict verdict = run(new KafkaAccess(broker.kafka()), out);
            verdict.account().forEach(out::println);
            verdict.broken().forEach(line -> out.println("BROKEN  " + line));
            out.println(verdict.holds() ? "held" : "FAILED");
            out.flush();
            return verdict.holds() ? 0 : 1;
        } catch (IOException e) {
            throw new CommandFailedException(
                    "The ledger cannot be written to %s: %s".formatted(directory, FileFailure.reason(e)), e);
        } catch (KafkaException e) {
            throw new CommandFailedException("The log cannot be read: " + e.getMessage(), e);
        }
    }

    private void requireInRange(String option, int value, int most) {
        if (value < 1 || value > most) {
            throw new ParameterException(
                    spec.commandLine(), "%s is %d, but must be 1 to %d".formatted(option, value, most));
        }
    }

    private void requireAddress(URI api) {
        if (!"http".equals(api.getScheme()) || api.getHost() == null) {
            throw new ParameterException(
                    spec.commandLine(), "--api is '%s', but must be http://HOST:PORT".formatted(api));
        }
    }

    private Verdict run(KafkaAccess access, PrintWriter out) throws InterruptedException, IOException {
        List<ApiClient> clients = apis.stream().map(ApiClient::new).toList();
        long drawn = seed == null ? ThreadLocalRandom.current().nextInt(1, 1_000_000) : seed;
        out.println("seed %d, %d requests per second for %d s".formatted(drawn, rate, seconds));
        out.flush();
        try (var ledger = new Ledger(directory.resolve("ledger.jsonl"))) {
            try (var load = new LoadGenerator(apis, ledger, drawn & 0xffffff, rate)) {
                Thread.sleep(Duration.ofSeconds(seconds));
                load.stop();
            }
            Files.write(directory.resolve("seconds.csv"), ledger.timeline().csv());
            return judge(new LogVerdict(clients, ledger), access);
        } finally {
            clients.forEach(ApiClient::close);
        }
    }

    private static Verdict judge(LogVerdict verdict, KafkaAccess access) {
        List<String> broken = new ArrayList<>();
        List<String> account = new ArrayList<>();
        try {
            verdict.awaitEnds();
        } catch (ChaosException e) {
            broken.add(String.valueOf(e.getMessage()));
        }
        verdict.judge(access, broken, account);
        return new Verdict(broken, account);
    }
}
