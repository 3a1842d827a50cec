package io.gpuctl.experiments.spec;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Resolves the paths of an experiment. A path in the file is relative to the file; a path from the command line is
 * relative to the working directory. <code>${TRACES}</code> stands for the folder of traces: that of <code>--set
 * traces=DIR</code>, else of the environment variable {@value #VARIABLE}, else of the file's key {@code traces}. The
 * key may name several folders; the first that exists is used.
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
     * Returns the file that a key names.
     *
     * @throws ExperimentFileException if the file does not exist
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
            throw new ExperimentFileException("%s begins with %s, but the folder of the traces is not set. %s"
                    .formatted(key, PLACEHOLDER, hint()));
        }
        List<Path> folders =
                candidates.stream().map(text -> relative("traces", text)).toList();
        return folders.stream().filter(Files::isDirectory).findFirst().orElse(folders.getFirst());
    }

    private static String hint() {
        return "Set the folder of the traces with --set traces=DIR, or %s=DIR in the environment".formatted(VARIABLE);
    }
}
