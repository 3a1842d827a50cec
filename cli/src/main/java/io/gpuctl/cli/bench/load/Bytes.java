package io.gpuctl.cli.bench.load;

/** Searches in bytes. */
final class Bytes {
    private Bytes() {}

    /** Returns how often a pattern occurs, without overlaps. */
    static int count(byte[] text, byte[] pattern) {
        int count = 0;
        for (int from = 0; from <= text.length - pattern.length; ) {
            if (isAt(text, from, pattern)) {
                count++;
                from += pattern.length;
            } else {
                from++;
            }
        }
        return count;
    }

    private static boolean isAt(byte[] text, int from, byte[] pattern) {
        for (int i = 0; i < pattern.length; i++) {
            if (text[from + i] != pattern[i]) {
                return false;
            }
        }
        return true;
    }
}
