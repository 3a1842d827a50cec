package io.gpuctl.events;

import org.jspecify.annotations.Nullable;

/**
 * The GPUs that a task asks for: a share of one GPU, or several whole ones.
 *
 * @param count number of GPUs, 0 for a task that needs none
 * @param milli thousandths of each GPU: 1 to 1000 if {@code count} is 1, else 1000 (0 if {@code count} is 0)
 * @param memoryMib memory needed on each GPU, MiB; 0 if unknown
 */
public record GpuRequest(int count, int milli, long memoryMib) {
    /** A whole GPU, in milli. */
    public static final int WHOLE = 1000;

    /** The maximum number of GPUs of a task; a larger number is refused as a mistake. */
    public static final int MAX_COUNT = 4096;

    /** 1 PiB on one GPU. */
    public static final long MEMORY_MIB_MAX = 1L << 30;

    public static final GpuRequest NONE = new GpuRequest(0, 0, 0);

    public GpuRequest {
        Check.inRange("gpus.count", count, 0, MAX_COUNT);
        Check.inRange("gpus.memory_mib", memoryMib, 0L, MEMORY_MIB_MAX);
        switch (count) {
            case 0 -> Check.inRange("gpus.milli", milli, 0, 0);
            case 1 -> Check.inRange("gpus.milli", milli, 1, WHOLE);
            default -> Check.inRange("gpus.milli", milli, WHOLE, WHOLE);
        }
    }

    public static GpuRequest whole(int count, long memoryMib) {
        return new GpuRequest(count, count == 0 ? 0 : WHOLE, memoryMib);
    }

    /** Returns a request for a share of one GPU: {@code milli} thousandths. */
    public static GpuRequest share(int milli, long memoryMib) {
        return new GpuRequest(1, milli, memoryMib);
    }

    // A part of each Shape; see TaskId for why these are written out.
    @Override
    public boolean equals(@Nullable Object other) {
        return other == this
                || (other instanceof GpuRequest that
                        && count == that.count
                        && milli == that.milli
                        && memoryMib == that.memoryMib);
    }

    @Override
    public int hashCode() {
        return 31 * (31 * count + milli) + Long.hashCode(memoryMib);
    }

    /** Returns the sum over all GPUs, in thousandths of a GPU. */
    public long totalMilli() {
        return (long) count * milli;
    }
}
