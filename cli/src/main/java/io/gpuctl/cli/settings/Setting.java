package io.gpuctl.cli.settings;

import java.nio.file.Path;

/**
 * The value of an option that the command line does not set.
 *
 * @param value as a user would write it on the command line
 */
public record Setting(String value, Origin origin) {

    /** The source of a value; {@code toString} is for people. */
    public sealed interface Origin {

        /** Returns one word for programs. */
        String kind();
    }

    /** The program's own default. */
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

    /** A line of a settings file; line numbers count from 1. */
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
