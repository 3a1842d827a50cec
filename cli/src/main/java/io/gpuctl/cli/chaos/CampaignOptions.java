package io.gpuctl.cli.chaos;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.cli.chaos.cluster.Directories;
import io.gpuctl.cli.chaos.cluster.Program;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options that all campaigns share: a mixin. */
final class CampaignOptions {
    @Option(
            names = "--seed",
            paramLabel = "N",
            description = "Seed of the load and the faults (default: a random one, which is printed).")
    private @Nullable Long seed;

    @Option(
            names = "--brokers",
            paramLabel = "1|3",
            defaultValue = "1",
            description = "1: gpuctl run broker. 3: Kafka's own brokers, three copies of each record (default: 1).")
    private int brokers = 1;

    @Option(
            names = "--rate",
            paramLabel = "N",
            defaultValue = "10",
            description = "Requests per second of the load (default: 10).")
    private int rate = 10;

    @Option(
            names = "--dir",
            paramLabel = "DIR",
            description =
                    "Parent directory of the campaign's directories (default: the system's directory for temporary files).")
    private @Nullable Path parent;

    long seed() {
        return seed == null ? ThreadLocalRandom.current().nextInt(1, 1_000_000) : seed;
    }

    int brokers() {
        return brokers;
    }

    void check(CommandSpec spec) {
        if (brokers != 1 && brokers != 3) {
            throw new ParameterException(spec.commandLine(), "--brokers is %d, but must be 1 or 3".formatted(brokers));
        }
        if (rate < 1 || rate > 1000) {
            throw new ParameterException(spec.commandLine(), "--rate is %d, but must be 1 to 1000".formatted(rate));
        }
    }

    /** Runs a campaign in a directory of its own, which is deleted on success. Returns whether all checks passed. */
    boolean run(
            String name, long seed, Optional<Program> oldBuild, PrintWriter out, Function<Campaign, Verdict> course) {
        Path directory = directory(name);
        out.println("seed %d, %d broker%s, %s".formatted(seed, brokers, brokers == 1 ? "" : "s", directory));
        out.flush();
        Verdict verdict = course.apply(new Campaign(new Campaign.Plan(seed, brokers, rate, directory, oldBuild), out));
        verdict.account().forEach(line -> out.println("  " + line));
        verdict.broken().forEach(line -> out.println("  BROKEN  " + line));
        if (verdict.holds()) {
            Directories.delete(directory);
            out.println("%s passed".formatted(name));
        } else {
            out.println("%s FAILED: seed %d, kept in %s".formatted(name, seed, directory));
        }
        out.flush();
        return verdict.holds();
    }

    private Path directory(String name) {
        try {
            return parent == null
                    ? Files.createTempDirectory("gpuctl-chaos-" + name + "-")
                    : Files.createTempDirectory(Files.createDirectories(parent), name + "-");
        } catch (IOException e) {
            throw new CommandFailedException("The directory of the campaign cannot be created: " + e.getMessage(), e);
        }
    }
}
