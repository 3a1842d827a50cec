package io.gpuctl.cli.workload;

import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.experiments.trace.TraceFormat;
import io.gpuctl.experiments.trace.Workload;
import io.gpuctl.experiments.trace.WorkloadFile;
import io.gpuctl.experiments.trace.WorkloadFormatException;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options for reading a workload file: a mixin. */
public final class WorkloadInput {

    @Option(
            names = "--skip-bad-rows",
            description = "Skip rows of the workload that cannot be read, and print how many and why, instead of"
                    + " refusing the file.")
    private boolean skipBadRows;

    public boolean skipsBadRows() {
        return skipBadRows;
    }

    /**
     * Reads the file.
     *
     * @param format null to detect the format from the beginning of the file
     * @throws CommandFailedException if the file cannot be read, or is invalid
     */
    public Workload read(Path file, @Nullable TraceFormat format) {
        try {
            return WorkloadFile.read(file, new WorkloadFile.Options(format, skipBadRows));
        } catch (WorkloadFormatException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandFailedException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
        }
    }
}
