package io.gpuctl.cli.chaos;

import java.util.List;

/**
 * How a campaign ended.
 *
 * @param broken what did not hold, for people; empty if all did
 * @param account what was counted, a line each
 */
record Verdict(List<String> broken, List<String> account) {
    boolean holds() {
        return broken.isEmpty();
    }
}
