package io.gpuctl.experiments.run;

import io.gpuctl.experiments.openmetrics.PastRecorder;
import io.gpuctl.experiments.openmetrics.PastSettings;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.files.AtomicFile;
import io.gpuctl.experiments.result.files.RunStore;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The pasts of an experiment's runs, as OpenMetrics: a file for each run in {@code DIR/openmetrics/}. Deletes the files
 * of other experiments, and of the same experiment with other options.
 */
public final class RunPasts {
    /** The extension of the files. */
    public static final String SUFFIX = ".om";

    private static final String FOLDER = "openmetrics";
    private static final String OPTIONS = "options.txt";

    private final Path folder;
    private final Options options;
    private final RunStore store;
    private final boolean hasSeveralWorkloads;
    private final List<PastRecorder.Summary> written = new ArrayList<>();

    /**
     * The options for writing pasts.
     *
     * @param startMs the date at which the runs begin, ms since 1970
     * @param stepMs see {@link PastSettings} for the meaning of null, also for {@code detail}
     */
    public record Options(long startMs, @Nullable Long stepMs, PastSettings.@Nullable Detail detail) {}

    private RunPasts(Path folder, Options options, RunStore store, boolean hasSeveralWorkloads) {
        this.folder = folder;
        this.options = options;
        this.store = store;
        this.hasSeveralWorkloads = hasSeveralWorkloads;
    }

    static RunPasts open(Path directory, Options options, RunStore store, Collection<RunKey> planned)
            throws IOException {
        Path folder = directory.resolve(FOLDER);
        Files.createDirectories(folder);
        boolean hasSeveralWorkloads =
                planned.stream().map(RunKey::workload).distinct().count() > 1;
        var pasts = new RunPasts(folder, options, store, hasSeveralWorkloads);
        pasts.deleteAllBut(planned);
        return pasts;
    }

    private void deleteAllBut(Collection<RunKey> planned) throws IOException {
        Path file = folder.resolve(OPTIONS);
        String asked = options + "\n";
        Set<Path> wanted = new HashSet<>();
        if (Files.exists(file) && Files.readString(file).equals(asked)) {
            planned.forEach(key -> wanted.add(file(key)));
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
            for (Path found : files) {
                if (!wanted.contains(found)) {
                    Files.delete(found);
                }
            }
        }
        AtomicFile.write(file, path -> Files.writeString(path, asked));
    }

    private Path file(RunKey key) {
        return folder.resolve(store.name(key) + SUFFIX);
    }

    boolean contains(RunKey key) {
        return Files.exists(file(key));
    }

    PastRecorder begin(RunKey key) throws IOException {
        return new PastRecorder(
                PastSettings.ofRun(options.stepMs(), options.detail(), options.startMs(), labels(key)), file(key));
    }

    private SequencedMap<String, String> labels(RunKey key) {
        SequencedMap<String, String> labels = new LinkedHashMap<>();
        labels.put("policy", key.policy());
        labels.put("seed", Long.toString(key.seed()));
        if (key.load() != null) {
            labels.put("load", key.loadText());
        }
        if (hasSeveralWorkloads) {
            labels.put("workload", key.workload());
        }
        return labels;
    }

    synchronized void finish(PastRecorder past) throws IOException {
        written.add(past.finish());
    }

    /** Returns summaries of the pasts written by this object. */
    public synchronized List<PastRecorder.Summary> written() {
        return List.copyOf(written);
    }

    public Path folder() {
        return folder;
    }
}
