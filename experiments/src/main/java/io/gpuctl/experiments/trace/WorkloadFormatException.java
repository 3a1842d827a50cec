package io.gpuctl.experiments.trace;

import io.gpuctl.events.InvalidFieldException;
import java.io.Serial;
import java.nio.file.Path;

/** A workload file that cannot be read as such. The message names file and line, and what should stand there. */
public final class WorkloadFormatException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    WorkloadFormatException(Path file, String problem) {
        super(file + ": " + problem);
    }

    WorkloadFormatException(Path file, long line, String problem) {
        super(file + ", line " + line + ": " + problem);
    }

    /** The field of a line holds a value that it cannot have, by the name that the field has in the file. */
    static WorkloadFormatException of(Path file, long line, String field, InvalidFieldException e) {
        return new WorkloadFormatException(
                file, line, "%s is %s, but must be %s".formatted(field, e.value(), e.allowed()));
    }
}
