package io.gpuctl.cli.settings;

import java.io.Serial;

/** Thrown when a settings file cannot be used. The message names the file and the line. */
final class SettingsFileException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    SettingsFileException(String message) {
        super(message);
    }

    SettingsFileException(String message, Throwable cause) {
        super(message, cause);
    }
}
