package io.gpuctl.experiments.published;

import java.util.List;

/** Decides at each event which jobs run from then on. */
interface MuriPolicy {
    double NEVER = Double.POSITIVE_INFINITY;

    void add(MuriJobState job);

    void remove(MuriJobState job);

    /** Returns all jobs that were added and not removed; each once. */
    List<MuriJobState> jobs();

    /** Makes each job run or wait from now on. */
    void schedule(double seconds);

    /** Returns when to schedule anew even if no job arrives or ends; never if there is no such time. */
    double nextChangeSeconds(double seconds);
}
