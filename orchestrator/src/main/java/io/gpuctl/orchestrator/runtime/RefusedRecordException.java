package io.gpuctl.orchestrator.runtime;

/**
 * Thrown for a readable record that must have no effect: it has changed nothing, and is written to the dead letters.
 */
class RefusedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedRecordException(String message) {
        super(message);
    }
}
