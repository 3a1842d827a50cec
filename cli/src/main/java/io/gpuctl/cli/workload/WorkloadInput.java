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

/** The workload file that a command was given. */
public final class WorkloadInput {

    private WorkloadInput() {}

    /**
     * Reads all of it.
     *
     * @param format null if its first line shall tell
     * @throws CommandFailedException if it cannot be read, or is not as it should be
     */
    public static Workload read(Path file, @Nullable TraceFormat format) {
        try {
            return format == null ? WorkloadFile.read(file) : WorkloadFile.read(file, format);
        } catch (WorkloadFormatException e) {
            throw new CommandFailedException(String.valueOf(e.getMessage()), e);
        } catch (IOException e) {
            throw new CommandFailedException("%s cannot be read: %s".formatted(file, FileFailure.reason(e)), e);
        }
    }
}
