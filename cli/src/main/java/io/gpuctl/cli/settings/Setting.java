package io.gpuctl.cli.settings;

import java.nio.file.Path;

/**
 * A value that an option has without the command line.
 *
 * @param value as it would stand on the command line
 */
public record Setting(String value, Origin origin) {

    /** Where a value comes from; its text is for people. */
    public sealed interface Origin {

        /** One word for programs. */
        String kind();
    }

    /** The program's own. */
    public record Default() implements Origin {
        @Override
        public String kind() {
            return "default";
        }

        @Override
        public String toString() {
            return kind();
        }
    }

    /** An environment variable. */
    public record Variable(String name) implements Origin {
        @Override
        public String kind() {
            return "environment";
        }

        @Override
        public String toString() {
            return name + " in the environment";
        }
    }

    /** A line of a settings file; it counts from 1. */
    public record Line(Path file, int number) implements Origin {
        @Override
        public String kind() {
            return "file";
        }

        @Override
        public String toString() {
            return "%s, line %d".formatted(file, number);
        }
    }

    /** The file that {@code --kafka-config} names. */
    public record KafkaConfig(Path file) implements Origin {
        @Override
        public String kind() {
            return "kafka-config";
        }

        @Override
        public String toString() {
            return file.toString();
        }
    }
}
