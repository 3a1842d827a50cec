package io.gpuctl.experiments.trace;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The formats of workload files. Each is told from the first line of a file that is not blank. */
public enum TraceFormat {
    /** The project's own: {@link WorkloadLines}. */
    GPUCTL("a JSON object in each line"),
    /** Pod lists of Alibaba's cluster-trace-gpu-v2023: {@link OpenbPods}. */
    OPENB("CSV with the columns " + String.join(",", OpenbPods.REQUESTS)),
    /** Jobs of Microsoft's Philly clusters: {@link PhillyTrace}. */
    PHILLY("CSV with the columns " + String.join(",", PhillyTrace.COLUMNS)),
    /** Job traces of Muri: {@link MuriTrace}. */
    MURI("CSV with the columns " + String.join(",", MuriTrace.COLUMNS)),
    /** The Standard Workload Format, version 2.2: {@link SwfLog}. */
    SWF("header lines that begin with ';', then " + SwfField.COUNT + " numbers in each line"),
    /** The tasks of an event log: {@link EventLogTasks}. */
    LOG("a directory, as gpuctl log export writes it");

    private final String looks;

    TraceFormat(String looks) {
        this.looks = looks;
    }

    /** What a file of the format consists of, for people: "CSV with the columns ...". */
    String looks() {
        return looks;
    }

    /** In lower case as people type it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * The format of a file that begins with this line.
     *
     * @return empty if it is none that is known
     */
    static Optional<TraceFormat> ofFirstLine(String line) {
        String begin = line.strip();
        if (begin.startsWith("{")) {
            return Optional.of(GPUCTL);
        }
        if (begin.startsWith(";") || begin.matches("[-0-9.]+(\\s+[-0-9.]+){" + (SwfField.COUNT - 1) + "}")) {
            return Optional.of(SWF);
        }
        List<String> columns = Arrays.stream(begin.replace("\"", "").split(","))
                .map(String::strip)
                .toList();
        if (columns.containsAll(MuriTrace.COLUMNS)) {
            return Optional.of(MURI);
        }
        if (columns.containsAll(PhillyTrace.COLUMNS)) {
            return Optional.of(PHILLY);
        }
        return columns.containsAll(OpenbPods.REQUESTS) ? Optional.of(OPENB) : Optional.empty();
    }
}
