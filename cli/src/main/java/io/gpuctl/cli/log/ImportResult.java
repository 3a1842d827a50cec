package io.gpuctl.cli.log;

import java.util.List;

/**
 * What an import did.
 *
 * @param moved how many records got another offset than they had
 * @param restamped how many got another timestamp
 * @param unlimited topics whose retention was lifted
 * @param leftOutState whether the log has what an orchestrator had stored
 */
record ImportResult(
        long records, int topics, long moved, long restamped, List<String> unlimited, boolean leftOutState) {}
