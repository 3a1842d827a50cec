package io.gpuctl.cli.settings;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The option for the settings file: a mixin that {@link Settings#apply} adds to each command that has settings. */
final class ConfigOption {

    /** The option's long name, without dashes. */
    static final String KEY = "config";

    @Option(
            names = "--" + KEY,
            paramLabel = "FILE",
            description = {
                "Settings: a YAML file (.yaml, .yml) or a properties file (.properties). Its keys are the long names of"
                        + " options, as in 'port: 8081'; in a section, as in 'api:', they are for one service.",
                "Every option can also be an environment variable: --metrics-port is GPUCTL_METRICS_PORT, --config is"
                        + " GPUCTL_CONFIG. The command line wins over the environment, the environment over the file."
            })
    private @Nullable Path file;

    @Nullable
    Path file() {
        return file;
    }
}
