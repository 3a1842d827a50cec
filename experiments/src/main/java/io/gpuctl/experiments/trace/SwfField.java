package io.gpuctl.experiments.trace;

/** The fields of a line in the Standard Workload Format 2.2, in their order. */
enum SwfField {
    JOB(1, "job number", ""),
    SUBMIT(2, "submit time", ""),
    WAIT(3, "wait time", SwfField.OUTCOME),
    RUN(4, "run time", ""),
    PROCESSORS(5, "allocated processors", "the requested processors, field 8, are what a task asks for"),
    CPU_TIME(6, "average CPU time", SwfField.OUTCOME),
    MEMORY_USED(7, "used memory", SwfField.OUTCOME),
    PROCESSORS_REQUESTED(8, "requested processors", ""),
    TIME_REQUESTED(9, "requested time", "a task has no estimate of its run time"),
    MEMORY_REQUESTED(10, "requested memory", ""),
    STATUS(11, "status", "the run does not repeat how a job ended in the log"),
    USER(12, "user", ""),
    GROUP(13, "group", SwfField.NO_PLACE),
    APPLICATION(14, "application", "a task does not say what it computes"),
    QUEUE(15, "queue", SwfField.NO_PLACE),
    PARTITION(16, "partition", SwfField.NO_PLACE),
    PRECEDING_JOB(17, "preceding job", SwfField.NO_DEPENDENCY),
    THINK_TIME(18, "think time", SwfField.NO_DEPENDENCY);

    static final int COUNT = 18;

    private static final String OUTCOME = "it is an outcome in the log; the run produces its own";
    private static final String NO_PLACE = "a task has a user and a pool only";
    private static final String NO_DEPENDENCY = "a task does not wait for another";

    private final int number;
    private final String title;
    private final String whyNoCounterpart;

    SwfField(int number, String title, String whyNoCounterpart) {
        this.number = number;
        this.title = title;
        this.whyNoCounterpart = whyNoCounterpart;
    }

    /** Returns the index of the field in a line, from 0. */
    int index() {
        return number - 1;
    }

    /** Returns why a task has no such field; empty if it has one. */
    String whyNoCounterpart() {
        return whyNoCounterpart;
    }

    /** Returns the number and the name of the field: "field 4 (run time)". */
    @Override
    public String toString() {
        return "field %d (%s)".formatted(number, title);
    }
}
