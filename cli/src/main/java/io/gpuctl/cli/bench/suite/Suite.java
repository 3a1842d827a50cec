package io.gpuctl.cli.bench.suite;

import io.gpuctl.cli.chaos.cluster.ChaosException;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Runs measurements in rounds, and writes what they found after each: {@code suite.json} and {@code performance.md}. A
 * measurement that fails does not end the suite.
 */
public final class Suite {
    private static final String DATA = "bench-suite-data";

    private final Path directory;
    private final SuiteResult result;
    private final PrintWriter out;

    /** {@code directory}: is created if it does not exist. */
    public Suite(Path directory, SuiteResult result, PrintWriter out) {
        this.directory = directory;
        this.result = result;
        this.out = out;
    }

    /**
     * Runs the measurements with these names in every round.
     *
     * @param keepsData whether the data and the output of the processes stay in the directory
     * @return whether every measurement succeeded; false if Ctrl-C ended the suite
     */
    public boolean run(List<String> names, boolean keepsData) throws IOException, InterruptedException {
        Files.createDirectories(directory);
        List<Measurement> chosen = Measurements.all().stream()
                .filter(measurement -> names.contains(measurement.name()))
                .toList();
        Settings settings = result.settings();
        try (var rig = new Rig(directory.resolve(DATA), settings, keepsData, out)) {
            for (int round = 1; round <= settings.rounds(); round++) {
                for (Measurement measurement : chosen) {
                    say("round %d of %d: %s".formatted(round, settings.rounds(), measurement.name()));
                    measure(measurement, round, rig);
                    if (rig.hasEnded()) {
                        return false;
                    }
                    result.write(directory);
                }
            }
        }
        say(SuiteResult.written(directory));
        return result.failures().isEmpty();
    }

    private void measure(Measurement measurement, int round, Rig rig) throws InterruptedException {
        try {
            Map<String, Double> figures = measurement.measure(rig);
            result.add(measurement.name(), figures);
            rig.say(figures.entrySet().stream()
                    .map(figure -> figure.getKey() + " " + Numbers.text(figure.getValue()))
                    .collect(Collectors.joining(", ")));
        } catch (InterruptedException e) {
            throw e;
        } catch (Exception e) {
            if (rig.hasEnded()) {
                return; // By Ctrl-C: the measurement did not fail.
            }
            String why = e instanceof ChaosException ? String.valueOf(e.getMessage()) : e.toString();
            String failure = "%s failed in round %d: %s".formatted(measurement.name(), round, why);
            result.failures().add(failure);
            rig.say(failure);
        }
    }

    private void say(String line) {
        out.println(line);
        out.flush();
    }
}
