package io.gpuctl.experiments.trace;

import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.TaskSpec;
import io.gpuctl.events.units.PlainText;
import java.time.Duration;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.time.format.ResolverStyle;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Jobs with local times, in any order. The first submission becomes the time 0 of the workload. */
final class LocalTimeline {

    static final String ASSUMPTION = "times are local and the file names no zone: clock changes are not corrected";

    private static final DateTimeFormatter FORMAT =
            DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss").withResolverStyle(ResolverStyle.STRICT);

    private final List<Job> jobs = new ArrayList<>();

    private record Job(LocalDateTime submitted, TaskSpec task, int line, String id) {}

    /** Parses a local time; throws {@link InvalidFieldException} if the value is not one. */
    static LocalDateTime parse(String field, String value) {
        try {
            return LocalDateTime.parse(value, FORMAT);
        } catch (DateTimeParseException _) {
            throw new InvalidFieldException(
                    field, "'" + PlainText.quoted(value) + "'", "a time as in '2017-10-09 07:01:55'");
        }
    }

    /** Adds a job; the parameters are those of {@link ArrivalList#add}. */
    void add(LocalDateTime submitted, TaskSpec task, int line, String id) {
        jobs.add(new Job(submitted, task, line, id));
    }

    /** Adds all jobs to the arrivals. */
    void addTo(ArrivalList arrivals) throws WorkloadFormatException {
        LocalDateTime start =
                jobs.stream().map(Job::submitted).min(Comparator.naturalOrder()).orElse(LocalDateTime.MIN);
        for (Job job : jobs) {
            arrivals.add(new Arrival(Duration.between(start, job.submitted).toMillis(), job.task), job.line, job.id);
        }
    }
}
