package io.gpuctl.experiments.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the files that an experiment names are. A path in the file is relative to the file, one from the command line to
 * where the command runs. <code>${TRACES}</code> stands for the folder of traces: that of <code>--set traces=DIR</code>,
 * else of the environment's {@value #VARIABLE}, else of the file's key {@code traces}, which may name several: the first
 * that is there counts.
 */
final class TraceFolder {
    static final String VARIABLE = "GPUCTL_TRACES";
    private static final String PLACEHOLDER = "${TRACES}";

    private final Path file;
    private final Overrides overrides;
    private final @Nullable String fromEnvironment;
    private final List<String> candidates;

    /**
     * @param file the experiment file
     * @param fromEnvironment value of {@value #VARIABLE}
     * @param candidates value of {@code traces}
     */
    TraceFolder(Path file, Overrides overrides, @Nullable String fromEnvironment, List<String> candidates) {
        this.file = file;
        this.overrides = overrides;
        this.fromEnvironment = fromEnvironment;
        this.candidates = candidates;
    }

    /**
     * The file that a key names.
     *
     * @throws ExperimentFileException if it is not there
     */
    Path resolve(String key, String text) {
        boolean isTrace = text.startsWith(PLACEHOLDER);
        Path path = isTrace
                ? folder(key).resolve(text.substring(PLACEHOLDER.length()).replaceFirst("^/+", ""))
                : relative(key, text);
        if (!Files.isRegularFile(path)) {
            throw ExperimentFileException.of(
                    key, "'" + text + "'", "a file: there is no " + path + (isTrace ? ". " + hint() : ""));
        }
        return path;
    }

    private Path relative(String key, String text) {
        Path folder = file.toAbsolutePath().getParent();
        return folder == null || overrides.sets(key)
                ? Path.of(text)
                : folder.resolve(text).normalize();
    }

    private Path folder(String key) {
        if (fromEnvironment != null && !fromEnvironment.isBlank() && !overrides.sets("traces")) {
            return Path.of(fromEnvironment);
        }
        if (candidates.isEmpty()) {
            throw new ExperimentFileException("%s begins with %s. %s".formatted(key, PLACEHOLDER, hint()));
        }
        List<Path> folders =
                candidates.stream().map(text -> relative("traces", text)).toList();
        return folders.stream().filter(Files::isDirectory).findFirst().orElse(folders.getFirst());
    }

    private static String hint() {
        return "Say where the traces are: --set traces=DIR, or %s=DIR in the environment".formatted(VARIABLE);
    }
}
