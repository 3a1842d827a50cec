package io.gpuctl.cli.chaos;

import java.util.List;

/**
 * The result of a campaign.
 *
 * @param broken the violated guarantees, for people; empty if there are none
 * @param account the totals, one per line
 */
record Verdict(List<String> broken, List<String> account) {
    boolean holds() {
        return broken.isEmpty();
    }
}
