package io.gpuctl.broker;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Utils;
import org.apache.kafka.metadata.properties.MetaPropertiesEnsemble;
import org.apache.kafka.metadata.storage.Formatter;
import org.apache.kafka.server.common.Feature;
import org.jspecify.annotations.Nullable;

/**
 * The folder that keeps a broker's records from one start to the next, locked for this process while it is open.
 *
 * <p>Kafka has its own lock, but takes it late and reports a conflict as a fatal fault. The lock here is taken before
 * anything is written. The operating system releases it whenever and however the process ends.
 */
final class DataDirectory implements AutoCloseable {

    private static final String LOCK_FILE = "broker.lock";

    private static final String LOG_DIRECTORY = "kafka";
    private static final String CLIENT_SETTINGS_FILE = "kafka-client.properties";

    private final Path directory;
    private final Path logDirectory;
    private final FileChannel lockFile;

    private DataDirectory(Path directory, Path logDirectory, FileChannel lockFile) {
        this.directory = directory;
        this.logDirectory = logDirectory;
        this.lockFile = lockFile;
    }

    /** Opens the folder, creates it if absent, and closes it to other users. */
    static DataDirectory open(Path directory) {
        try {
            Path logDirectory = directory.resolve(LOG_DIRECTORY);
            PrivateFiles.createDirectory(directory);
            PrivateFiles.createTree(logDirectory);
            return new DataDirectory(directory, logDirectory, lock(directory));
        } catch (IOException e) {
            throw new BrokerStartException(
                    "The broker's data directory %s cannot be used: %s. Choose a directory that this user may write to."
                            .formatted(directory, e),
                    e);
        }
    }

    private static FileChannel lock(Path directory) throws IOException {
        var lockFile = PrivateFiles.open(directory.resolve(LOCK_FILE));
        if (tryLock(lockFile) != null) {
            return lockFile;
        }
        lockFile.close();
        throw new BrokerStartException(
                "The broker's data directory %s is in use by another running broker. Stop that one, or choose another directory."
                        .formatted(directory));
    }

    private static @Nullable FileLock tryLock(FileChannel lockFile) throws IOException {
        try {
            return lockFile.tryLock();
        } catch (OverlappingFileLockException _) {
            return null; // Another broker in this process holds the lock.
        }
    }

    /**
     * Returns the file of client settings of a broker that runs in the directory; empty if none does. A killed broker
     * leaves the file, but not the lock.
     */
    static Optional<Path> clientSettingsFileOfRunning(Path directory) {
        Path file = clientSettingsFile(directory);
        if (!Files.isRegularFile(directory.resolve(LOCK_FILE), LinkOption.NOFOLLOW_LINKS)
                || !Files.isRegularFile(file)) {
            return Optional.empty();
        }
        try (var lockFile = FileChannel.open(directory.resolve(LOCK_FILE), StandardOpenOption.WRITE)) {
            return tryLock(lockFile) == null ? Optional.of(file) : Optional.empty();
        } catch (IOException e) {
            throw new BrokerStartException(
                    "The broker's data directory %s cannot be used: %s".formatted(directory, e), e);
        }
    }

    static Path clientSettingsFile(Path directory) {
        return directory.resolve(CLIENT_SETTINGS_FILE);
    }

    /** Stores the settings with which a client reaches the running broker. */
    void writeClientSettings(Map<String, String> settings) {
        var properties = new Properties();
        properties.putAll(settings);
        var text = new StringWriter();
        try {
            properties.store(text, "How to reach the broker of this directory while it runs.");
            PrivateFiles.write(clientSettingsFile(directory), text.toString());
        } catch (IOException e) {
            throw new BrokerStartException("%s cannot be written: %s".formatted(clientSettingsFile(directory), e), e);
        }
    }

    /** Returns the settings that were written last; empty before the first start. */
    Map<String, String> readClientSettings() {
        Path file = clientSettingsFile(directory);
        var properties = new Properties();
        if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            try (var reader = Files.newBufferedReader(file)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new BrokerStartException("%s cannot be read: %s".formatted(file, e), e);
            }
        }
        var settings = new TreeMap<String, String>();
        properties.stringPropertyNames().forEach(name -> settings.put(name, properties.getProperty(name)));
        return settings;
    }

    /** Returns the directory of Kafka's logs. */
    Path logDirectory() {
        return logDirectory;
    }

    /**
     * Formats a new directory, with a cluster id and the newest feature levels, and leaves a formatted one unchanged.
     * The directory is formatted under another name, forced to the disk and renamed: after a power cut it is either
     * fully formatted or not at all. Returns whether the directory was new.
     */
    boolean formatIfNew(int nodeId, String controllerListener) {
        if (Files.exists(logDirectory.resolve(MetaPropertiesEnsemble.META_PROPERTIES_NAME))) {
            return false;
        }
        Path unfinished = directory.resolve(LOG_DIRECTORY + ".unfinished");
        try {
            Utils.delete(unfinished.toFile());
            PrivateFiles.createDirectory(unfinished);
            format(unfinished, nodeId, controllerListener);
            force(unfinished);
            Utils.atomicMoveWithFallback(unfinished, logDirectory);
            return true;
        } catch (Exception e) {
            throw new BrokerStartException(
                    "The broker's data directory %s could not be formatted: %s".formatted(logDirectory, e), e);
        }
    }

    private static void format(Path directory, int nodeId, String controllerListener) throws Exception {
        try (var nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
            new Formatter()
                    .setPrintStream(nowhere)
                    .setSupportedFeatures(Feature.PRODUCTION_FEATURES)
                    .setClusterId(Uuid.randomUuid().toString())
                    .setNodeId(nodeId)
                    .setControllerListenerName(controllerListener)
                    .addDirectory(directory.toString())
                    .setMetadataLogDirectory(directory.toString())
                    .run();
        }
    }

    /** Forces the directory and all its contents to the disk. */
    private static void force(Path directory) throws IOException {
        try (Stream<Path> paths = Files.walk(directory)) {
            for (Path path : (Iterable<Path>) paths::iterator) {
                if (Files.isDirectory(path)) {
                    Utils.flushDir(path);
                } else {
                    forceFile(path);
                }
            }
        }
    }

    private static void forceFile(Path path) throws IOException {
        try (var file = FileChannel.open(path, StandardOpenOption.WRITE)) {
            file.force(true);
        }
    }

    /**
     * Forces the removal of Kafka's marker of a clean shutdown to the disk. If the marker came back after a power cut,
     * Kafka would neither check the logs nor cut damaged ones.
     */
    void forceStarted() throws IOException {
        Utils.flushDir(logDirectory);
    }

    @Override
    public void close() {
        try {
            lockFile.close();
        } catch (IOException _) {
            // Nothing was written to the file, and the lock ends with the process at the latest.
        }
    }
}
