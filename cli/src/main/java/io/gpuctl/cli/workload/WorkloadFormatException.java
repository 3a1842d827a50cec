package io.gpuctl.cli.workload;

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
}
