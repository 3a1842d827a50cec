package io.gpuctl.experiments.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** Reads workload files of every format that is known, gzip-compressed or not, and the directory of an event log. */
public final class WorkloadFile {

    private WorkloadFile() {}

    /**
     * Reads all of the file, or nothing; its first line tells its format.
     *
     * @throws WorkloadFormatException if there is no such file, its format is none that is known, or a line is not as it
     *     should be
     * @throws IOException if the file cannot be read
     */
    public static Workload read(Path file) throws IOException, WorkloadFormatException {
        return Files.isDirectory(file)
                ? EventLogTasks.read(file)
                : TraceText.read(file, text -> read(text, formatOf(text)));
    }

    /** As {@link #read(Path)}, in this format whatever the first line looks like. */
    public static Workload read(Path file, TraceFormat format) throws IOException, WorkloadFormatException {
        return format == TraceFormat.LOG ? EventLogTasks.read(file) : TraceText.read(file, text -> read(text, format));
    }

    private static Workload read(TraceText text, TraceFormat format) throws IOException, WorkloadFormatException {
        return switch (format) {
            case GPUCTL -> WorkloadLines.read(text);
            case OPENB -> OpenbPods.read(text);
            case PHILLY -> PhillyTrace.read(text);
            case MURI -> MuriTrace.read(text);
            case SWF -> SwfLog.read(text);
            case LOG -> throw new IllegalStateException("A log is no file");
        };
    }

    private static TraceFormat formatOf(TraceText text) throws IOException, WorkloadFormatException {
        String line = text.firstLine();
        if (line.isEmpty()) {
            throw new WorkloadFormatException(text.file(), "is empty");
        }
        return TraceFormat.ofFirstLine(line)
                .orElseThrow(() -> new WorkloadFormatException(
                        text.file(),
                        1,
                        "'%s' begins no format that is known:\n%s".formatted(shortened(line), known())));
    }

    private static String shortened(String line) {
        return line.length() <= 80 ? line : line.substring(0, 77) + "...";
    }

    private static String known() {
        return Arrays.stream(TraceFormat.values())
                .map(format -> "  %-7s %s".formatted(format, format.looks()))
                .collect(Collectors.joining("\n"));
    }
}
