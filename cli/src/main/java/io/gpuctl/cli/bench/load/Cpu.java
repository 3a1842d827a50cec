package io.gpuctl.cli.bench.load;

import java.time.Duration;

/** The CPU time of processes, user and system together. Its resolution is the kernel's tick, usually 10 ms. */
public final class Cpu {
    private Cpu() {}

    /** Returns the CPU time of this process. */
    public static Duration ofThisProcess() {
        return of(ProcessHandle.current());
    }

    /** Returns the CPU time of a process; zero if the process has ended, or the system does not tell. */
    public static Duration of(ProcessHandle process) {
        return process.info().totalCpuDuration().orElse(Duration.ZERO);
    }

    /** Returns milliseconds of CPU for each of {@code count} things. */
    public static double millisEach(Duration cpu, int count) {
        return cpu.toNanos() / 1e6 / Math.max(1, count);
    }
}
