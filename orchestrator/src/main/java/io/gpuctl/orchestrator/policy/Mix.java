package io.gpuctl.orchestrator.policy;

/**
 * Stateless random numbers: the same arguments give the same number on any machine. The mixing function is SplitMix64's
 * (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014).
 */
final class Mix {
    private static final long GOLDEN_GAMMA = 0x9e3779b97f4a7c15L;

    private Mix() {}

    static long of(long seed, long value) {
        return finish(finish(seed + GOLDEN_GAMMA) + value * GOLDEN_GAMMA);
    }

    static long of(long seed, String text) {
        long mixed = of(seed, text.length());
        for (int i = 0; i < text.length(); i++) {
            mixed = of(mixed, text.charAt(i));
        }
        return mixed;
    }

    /** Scales the number to 0 .. bound - 1, evenly up to one part in 2^64 / bound. */
    static int below(int bound, long mixed) {
        return (int) Math.unsignedMultiplyHigh(mixed, bound);
    }

    private static long finish(long value) {
        long mixed = (value ^ (value >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
