package io.gpuctl.cli.log;

import java.util.List;

/**
 * The result of an import.
 *
 * @param moved the number of records whose offset changed
 * @param restamped the number of records whose timestamp changed
 * @param unlimited topics whose retention limit was removed
 * @param leftOutState whether the log has an orchestrator's stored state, which was not imported
 */
record ImportResult(
        long records, int topics, long moved, long restamped, List<String> unlimited, boolean leftOutState) {}
