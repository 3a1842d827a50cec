package io.gpuctl.experiments.trace;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Reads workload files of every known format, gzip-compressed or not, and directories of event logs. */
public final class WorkloadFile {

    private WorkloadFile() {}

    /**
     * The options for reading a file.
     *
     * @param format null to detect the format from the file's beginning
     * @param skipBadRows whether to count and skip rows that cannot be read; otherwise such a row is an error
     */
    public record Options(@Nullable TraceFormat format, boolean skipBadRows) {
        public static final Options DEFAULT = new Options(null, false);
    }

    /** Reads the file. Detects its format, and fails if any row cannot be read. */
    public static Workload read(Path file) throws IOException, WorkloadFormatException {
        return read(file, Options.DEFAULT);
    }

    /**
     * Reads the file.
     *
     * @throws WorkloadFormatException if the file does not exist, its format is unknown, or a line is invalid
     * @throws IOException if the file cannot be read
     */
    public static Workload read(Path file, Options options) throws IOException, WorkloadFormatException {
        TraceFormat format = options.format;
        if (format == TraceFormat.LOG || (format == null && Files.isDirectory(file))) {
            return EventLogTasks.read(file);
        }
        return TraceText.read(
                file,
                new BadRows(options.skipBadRows),
                text -> read(text, format == null ? FormatDetection.of(text) : format));
    }

    private static Workload read(TraceText text, TraceFormat format) throws IOException, WorkloadFormatException {
        return switch (format) {
            case GPUCTL -> WorkloadLines.read(text);
            case OPENB -> OpenbPods.read(text);
            case PHILLY -> PhillyTrace.read(text);
            case PHILLY_JSON -> PhillyJson.read(text);
            case HELIOS -> HeliosTrace.read(text);
            case TIRESIAS -> TiresiasTrace.read(text);
            case MURI -> MuriTrace.read(text);
            case SWF -> SwfLog.read(text);
            case BATSIM -> BatsimJobs.read(text);
            case LOG -> throw new IllegalStateException("An event log is a directory, not a file");
        };
    }
}
