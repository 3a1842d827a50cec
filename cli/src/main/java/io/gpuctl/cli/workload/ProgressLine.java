package io.gpuctl.cli.workload;

import io.gpuctl.cli.output.Terminal;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.units.Durations;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * Shows the progress of a workload in one line: redrawn on a terminal, printed now and then to a pipe. For one thread.
 */
final class ProgressLine {

    private static final Duration TERMINAL_PERIOD = Duration.ofMillis(500);
    private static final Duration PIPE_PERIOD = Duration.ofSeconds(10);

    private final PrintWriter out;
    private final Terminal terminal;
    private final boolean isTerminal;
    private final LongSupplier simulatedMs;
    private long nextNanos = System.nanoTime();

    /**
     * Creates a line for {@code out}.
     *
     * @param simulatedMs cluster time since the start of the workload
     */
    ProgressLine(PrintWriter out, boolean isTerminal, LongSupplier simulatedMs) {
        this.out = out;
        this.terminal = new Terminal(out);
        this.isTerminal = isTerminal;
        this.simulatedMs = simulatedMs;
    }

    /** Shows the line, unless it was shown only just before. */
    void show(RunStatus status, Refusals refusals) {
        if (System.nanoTime() - nextNanos < 0) {
            return;
        }
        nextNanos = System.nanoTime() + (isTerminal ? TERMINAL_PERIOD : PIPE_PERIOD).toNanos();
        write(status, refusals);
    }

    /** Shows the line for the last time. */
    void end(RunStatus status, Refusals refusals) {
        write(status, refusals);
        if (isTerminal) {
            out.println();
        }
    }

    private void write(RunStatus status, Refusals refusals) {
        String line = text(status, refusals);
        if (isTerminal) {
            terminal.redrawLine(line);
        } else {
            out.println(line);
            out.flush();
        }
    }

    private String text(RunStatus status, Refusals refusals) {
        return "simulated %s | submitted %d/%d | placed %d, running %d, queued %d | finished %d, rejected %d | GPUs %.1f%%"
                .formatted(
                        Durations.human(simulatedMs.getAsLong() / 1_000 * 1_000),
                        status.submitted() + refusals.count(),
                        status.tasksTotal(),
                        status.in(TaskState.PLACED),
                        status.in(TaskState.RUNNING)
                                + status.in(TaskState.PREEMPTING)
                                + status.in(TaskState.CANCELLING),
                        status.in(TaskState.QUEUED) + status.in(TaskState.BACKING_OFF),
                        status.inFinalState() - status.in(TaskState.REJECTED),
                        status.in(TaskState.REJECTED) + refusals.rejected(),
                        100 * status.allocatedShare());
    }
}
