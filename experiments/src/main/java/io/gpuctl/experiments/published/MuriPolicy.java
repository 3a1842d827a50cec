package io.gpuctl.experiments.published;

import java.util.List;

/** Which of the jobs run from an event on. */
interface MuriPolicy {
    double NEVER = Double.POSITIVE_INFINITY;

    void add(MuriJobState job);

    void remove(MuriJobState job);

    /** All that were added and not removed; every job once. */
    List<MuriJobState> jobs();

    /** Has each of the jobs run or wait from now on. */
    void schedule(double seconds);

    /** When jobs must be scheduled anew though none comes or ends; never if there is no such time. */
    double nextChangeSeconds(double seconds);
}
