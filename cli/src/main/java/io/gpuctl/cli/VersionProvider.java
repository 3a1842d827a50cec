package io.gpuctl.cli;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Properties;
import picocli.CommandLine.IVersionProvider;

/** Reads the version that the build wrote into {@code version.properties}. */
public final class VersionProvider implements IVersionProvider {

    private static final String RESOURCE = "/io/gpuctl/cli/version.properties";

    @Override
    public String[] getVersion() {
        return new String[] {"gpuctl " + version()};
    }

    /** Returns the version alone. */
    public static String version() {
        var properties = new Properties();
        try (var resource = VersionProvider.class.getResourceAsStream(RESOURCE)) {
            if (resource == null) {
                throw new IllegalStateException(RESOURCE + " is not on the class path");
            }
            properties.load(resource);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version", "unknown");
    }
}
