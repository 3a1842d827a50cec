package io.gpuctl.experiments.trace;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.PlainText;
import java.io.Serial;
import java.nio.file.Path;

/** A workload file that cannot be read as such. The message names file and line, and what should stand there. */
public final class WorkloadFormatException extends Exception {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String inFile;

    WorkloadFormatException(Path file, String problem) {
        super(file + ": " + PlainText.message(problem));
        inFile = PlainText.message(problem);
    }

    WorkloadFormatException(Path file, long line, String problem) {
        super(file + ", line " + line + ": " + PlainText.message(problem));
        inFile = "line " + line + ": " + PlainText.message(problem);
    }

    /** A log is not as it should be; its message names the place. */
    WorkloadFormatException(EventLogException e) {
        super(e.getMessage(), e);
        inFile = String.valueOf(e.getMessage());
    }

    /** The message without the file. */
    String inFile() {
        return inFile;
    }

    /** The field of a line holds a value that it cannot have, by the name that the field has in the file. */
    static WorkloadFormatException of(Path file, long line, String field, InvalidFieldException e) {
        return new WorkloadFormatException(
                file, line, "%s is %s, but must be %s".formatted(field, e.value(), e.allowed()));
    }
}
