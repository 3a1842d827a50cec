package io.gpuctl.experiments.trace;

import io.gpuctl.audit.log.EventLogException;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.PlainText;
import java.io.Serial;
import java.nio.file.Path;

/** A workload file is invalid. The message names the file, the line, and what is allowed there. */
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

    /** An event log is invalid; the message of {@code e} names the place. */
    WorkloadFormatException(EventLogException e) {
        super(e.getMessage(), e);
        inFile = String.valueOf(e.getMessage());
    }

    /** Returns the message without the file. */
    String inFile() {
        return inFile;
    }

    /** Returns an exception for an invalid value; {@code field} is the field's name in the file. */
    static WorkloadFormatException of(Path file, long line, String field, InvalidFieldException e) {
        return new WorkloadFormatException(
                file, line, "%s is %s, but must be %s".formatted(field, e.value(), e.allowed()));
    }
}
