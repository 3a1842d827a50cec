package io.gpuctl.orchestrator.runtime;

/** A record that could be read, and that nothing may follow from: it has changed nothing, and lands in the dead letters. */
class RefusedRecordException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    RefusedRecordException(String message) {
        super(message);
    }
}
