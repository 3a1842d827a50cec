package io.gpuctl.experiments.run;

import io.gpuctl.events.input.FileFailure;
import io.gpuctl.experiments.published.MuriWork;
import io.gpuctl.experiments.spec.Experiment;
import io.gpuctl.experiments.spec.ExperimentFileException;
import io.gpuctl.experiments.trace.Arrival;
import io.gpuctl.experiments.trace.MuriJob;
import io.gpuctl.experiments.trace.MuriTrace;
import io.gpuctl.experiments.trace.ReadingNotes;
import io.gpuctl.experiments.trace.Workload;
import io.gpuctl.experiments.trace.WorkloadFile;
import io.gpuctl.experiments.trace.WorkloadFormatException;
import io.gpuctl.experiments.workload.ArrivalTimes;
import io.gpuctl.experiments.workload.SyntheticWorkload;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The workload of runs. Read once, shared by all runs. */
sealed interface Source {
    /** Returns the name of the workload in the results. */
    String name();

    /** Returns what a reader of the results must know about the workload. */
    List<String> notes();

    /** Returns a text that changes whenever the tasks change. */
    String fingerprint();

    /** A source of tasks. */
    sealed interface OfTasks extends Source {
        /** Returns the tasks in the order of arrival. */
        List<Arrival> arrivals(long seed);
    }

    /** Tasks read from a file. */
    record Recorded(String name, List<Arrival> recorded, List<String> notes, String fingerprint) implements OfTasks {
        public Recorded {
            recorded = List.copyOf(recorded);
            notes = List.copyOf(notes);
        }

        /**
         * Reads the file. Shifts all times so that the first task arrives at 0: times may count from 1970.
         *
         * @param how how many tasks to read, and how fast they arrive
         * @throws ExperimentFileException if the file cannot be read
         */
        static Recorded read(Path file, Experiment.Recorded how) {
            Integer limit = how.limit();
            BigDecimal scale = how.scale();
            return reading(file, digest -> {
                Workload workload = WorkloadFile.read(file, new WorkloadFile.Options(null, how.skipBadRows()));
                List<Arrival> arrivals =
                        first(limit, workload.earlier(workload.offsetMs()).arrivals());
                if (scale.compareTo(BigDecimal.ONE) != 0) {
                    arrivals = ArrivalTimes.faster(arrivals, scale);
                }
                String fingerprint = "%s first %s, times %s%s"
                        .formatted(digest, limit, scale, how.skipBadRows() ? ", without bad rows" : "");
                return new Recorded(nameOf(file), arrivals, sentences(workload.notes()), fingerprint);
            });
        }

        private static List<String> sentences(ReadingNotes notes) {
            List<String> sentences = new ArrayList<>(notes.assumptions());
            notes.rowsLeftOut()
                    .forEach(left ->
                            sentences.add("%,d rows became no task: %s.".formatted(left.rows(), left.reason())));
            notes.badRows().forEach(problem -> sentences.add("A row that became no task, " + problem + "."));
            notes.fieldsWithoutCounterpart()
                    .forEach(field ->
                            sentences.add("Field %s is not used: %s.".formatted(field.field(), field.reason())));
            return sentences;
        }

        @Override
        public List<Arrival> arrivals(long seed) {
            return recorded;
        }
    }

    /** Tasks drawn at random. */
    record Drawn(SyntheticWorkload workload) implements OfTasks {
        @Override
        public String name() {
            return "synthetic";
        }

        @Override
        public List<Arrival> arrivals(long seed) {
            return workload.draw(seed);
        }

        @Override
        public List<String> notes() {
            return List.of();
        }

        @Override
        public String fingerprint() {
            return workload.toString();
        }
    }

    /** Jobs of a Muri trace, with details that tasks do not have. */
    record Jobs(String name, List<MuriWork> jobs, String fingerprint) implements Source {
        public Jobs {
            jobs = List.copyOf(jobs);
        }

        /**
         * Reads the file.
         *
         * @param limit how many jobs to read from the start; null for all
         * @throws ExperimentFileException if the file cannot be read
         */
        static Jobs read(Path file, @Nullable Integer limit) {
            return reading(file, digest -> {
                List<MuriWork> jobs = first(limit, MuriTrace.readJobs(file)).stream()
                        .map(Jobs::work)
                        .toList();
                return new Jobs(nameOf(file), jobs, "%s first %s".formatted(digest, limit));
            });
        }

        private static MuriWork work(MuriJob job) {
            return MuriWork.of(
                    Math.toIntExact(job.jobId()),
                    job.gpus(),
                    job.submitMs(),
                    (long) job.iterations(),
                    job.iterationTimeMs(),
                    job.model());
        }

        @Override
        public List<String> notes() {
            return List.of();
        }
    }

    /** Makes a source from a file with the given digest. */
    interface Reader<S> {
        S read(String digest) throws IOException, WorkloadFormatException;
    }

    private static <S> S reading(Path file, Reader<S> reader) {
        try {
            byte[] digest = FactChecksum.sha256().digest(Files.readAllBytes(file));
            return reader.read(HexFormat.of().formatHex(digest));
        } catch (WorkloadFormatException e) {
            throw new ExperimentFileException("workload.tasks: " + e.getMessage());
        } catch (IOException e) {
            throw new ExperimentFileException(
                    "workload.tasks: %s cannot be read: %s".formatted(file, FileFailure.reason(e)));
        }
    }

    private static <T> List<T> first(@Nullable Integer limit, List<T> all) {
        return limit == null || limit >= all.size() ? all : all.subList(0, limit);
    }

    /** Returns the file's name without the extensions. */
    private static String nameOf(Path file) {
        return String.valueOf(file.getFileName()).replaceFirst("\\.gz$", "").replaceFirst("\\.[A-Za-z0-9]{1,6}$", "");
    }
}
