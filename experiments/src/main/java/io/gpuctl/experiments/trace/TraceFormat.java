package io.gpuctl.experiments.trace;

import java.util.Locale;

/** The formats of workload files. {@link FormatDetection} tells them apart by the beginning of a file. */
public enum TraceFormat {
    /** The project's own format: {@link WorkloadLines}. */
    GPUCTL("one JSON object per line"),
    /** Pod lists of Alibaba's cluster-trace-gpu-v2023: {@link OpenbPods}. */
    OPENB("CSV with the columns " + String.join(",", OpenbPods.REQUESTS)),
    /** Jobs of Microsoft's Philly clusters, as simulators share them: {@link PhillyTrace}. */
    PHILLY("CSV with the columns " + String.join(",", PhillyTrace.COLUMNS)),
    /** Jobs of Microsoft's Philly clusters, as they were published: {@link PhillyJson}. */
    PHILLY_JSON("a JSON array of jobs with jobid, user, submitted_time and attempts"),
    /** Jobs of SenseTime's Helios clusters: {@link HeliosTrace}. */
    HELIOS("CSV with the columns " + String.join(",", HeliosTrace.COLUMNS)),
    /** Job traces of Tiresias: {@link TiresiasTrace}. */
    TIRESIAS("CSV with the columns " + String.join(",", TiresiasTrace.COLUMNS)),
    /** Job traces of Muri: {@link MuriTrace}. */
    MURI("CSV with the columns " + String.join(",", MuriTrace.COLUMNS)),
    /** The Standard Workload Format, version 2.2: {@link SwfLog}. */
    SWF("header lines that begin with ';', then " + SwfField.COUNT + " numbers per line"),
    /** Workloads of Batsim: {@link BatsimJobs}. */
    BATSIM("a JSON object with jobs and profiles"),
    /** The tasks of an event log: {@link EventLogTasks}. */
    LOG("a directory written by gpuctl log export");

    private final String looks;

    TraceFormat(String looks) {
        this.looks = looks;
    }

    /** Returns a description of the format for users: "CSV with the columns ...". */
    String looks() {
        return looks;
    }

    /** Returns the name in lower case, as users type it. */
    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
