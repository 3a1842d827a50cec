package io.gpuctl.orchestrator.core;

import io.gpuctl.events.TaskReport;

/**
 * The cost of an ended attempt, as the node that ended it reported it.
 *
 * @param lostMs work that was lost and must be done again, ms at full clock
 * @param energyMj energy that the attempt drew on the GPUs of that node, mJ; see {@link TaskReport#energyMj}
 */
record AttemptCost(long lostMs, long energyMj) {
    /** The cost when no node has reported any. */
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

    /** Returns the cost of a gang's attempt without its energy, which is in the facts about the members. */
    AttemptCost withoutEnergy() {
        return new AttemptCost(lostMs, 0);
    }
}
