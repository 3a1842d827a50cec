package io.gpuctl.experiments.result.files;

import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import io.gpuctl.experiments.result.TaskOutcome;
import java.io.Closeable;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** Writes {@code energy.csv}: the energy of each user's tasks in each run with a power model. */
final class EnergyCsv implements Closeable {

    private final Writer writer;

    EnergyCsv(Path file) throws IOException {
        writer = Files.newBufferedWriter(file);
        writer.write(Csv.line("experiment", "workload", "policy", "load", "seed", "user", "tasks", "energy_kwh"));
    }

    /** The number and the energy of one user's tasks. */
    private record Drawn(int tasks, double kwh) {
        Drawn plus(Drawn other) {
            return new Drawn(tasks + other.tasks, kwh + other.kwh);
        }
    }

    void add(RunResult result) throws IOException {
        Map<String, Drawn> users = new TreeMap<>();
        for (TaskOutcome task : result.tasks()) {
            Double kwh = task.energyKwh();
            if (kwh != null) {
                users.merge(task.user(), new Drawn(1, kwh), Drawn::plus);
            }
        }
        RunKey key = result.key();
        for (Map.Entry<String, Drawn> user : users.entrySet()) {
            writer.write(Csv.line(
                    key.experiment(),
                    key.workload(),
                    key.policy(),
                    key.loadText(),
                    Long.toString(key.seed()),
                    user.getKey(),
                    Integer.toString(user.getValue().tasks()),
                    Csv.number(user.getValue().kwh())));
        }
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
