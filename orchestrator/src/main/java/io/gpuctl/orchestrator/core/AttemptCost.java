package io.gpuctl.orchestrator.core;

import io.gpuctl.events.TaskReport;

/**
 * What an attempt that ended has cost, by the word of the node that ended it.
 *
 * @param lostMs work that must be done again, ms at full clock
 * @param energyMj what it has drawn on that node's GPUs, mJ; see {@link TaskReport#energyMj}
 */
record AttemptCost(long lostMs, long energyMj) {
    /** No node has said anything. */
    static final AttemptCost UNKNOWN = new AttemptCost(0, 0);

    static AttemptCost of(TaskReport.Failed report) {
        return new AttemptCost(0, report.energyMj());
    }

    static AttemptCost of(TaskReport.Stopped report) {
        return new AttemptCost(report.lostMs(), report.energyMj());
    }

    static AttemptCost of(TaskReport.Faulted report) {
        return new AttemptCost(report.lostMs(), report.energyMj());
    }

    /** Of a gang: the energy is in the facts about its members. */
    AttemptCost withoutEnergy() {
        return new AttemptCost(lostMs, 0);
    }
}
