package io.gpuctl.audit.log;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.input.UntrustedJson;
import io.gpuctl.events.kafka.EventJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The contents of an exported log: {@code manifest.json}.
 *
 * @param format always {@link #FORMAT}
 * @param formatVersion always {@link #FORMAT_VERSION}: other versions are not supported
 * @param tool the program that wrote the log, and its version
 * @param exportedAt time of the export, ISO 8601; the only field that differs between two exports of the same log
 * @param fromMs the export left out records written before this time, ms; null without such a limit
 * @param toMs the export left out records written at or after this time, ms; null without such a limit
 */
public record LogManifest(
        String format,
        int formatVersion,
        String tool,
        String exportedAt,
        @Nullable Long fromMs,
        @Nullable Long toMs,
        List<TopicFiles> topics) {
    public static final String FORMAT = "gpuctl-event-log";
    public static final int FORMAT_VERSION = 1;
    /** 16 MiB: enough for some thousand files with some hundred bytes each. */
    private static final int BYTES_MAX = 16 << 20;

    static final String FILE = "manifest.json";

    public LogManifest {
        Objects.requireNonNull(tool, "\"tool\" is missing");
        Objects.requireNonNull(exportedAt, "\"exported_at\" is missing");
        topics = List.copyOf(Objects.requireNonNull(topics, "\"topics\" is missing"));
    }

    /** Returns the manifest of a new log in this version of the format. */
    public static LogManifest of(
            String tool, String exportedAt, @Nullable Long fromMs, @Nullable Long toMs, List<TopicFiles> topics) {
        return new LogManifest(FORMAT, FORMAT_VERSION, tool, exportedAt, fromMs, toMs, topics);
    }

    public Optional<TopicFiles> topic(String name) {
        return topics.stream().filter(topic -> topic.name().equals(name)).findFirst();
    }

    public List<String> topicNames() {
        return topics.stream().map(TopicFiles::name).toList();
    }

    /** Returns the number of records of all topics. */
    public long recordCount() {
        return partitionFiles().stream().mapToLong(PartitionFile::records).sum();
    }

    /** Returns the files of all topics. */
    List<PartitionFile> partitionFiles() {
        List<PartitionFile> files = new ArrayList<>();
        topics.forEach(topic -> files.addAll(topic.partitions()));
        return files;
    }

    static LogManifest read(Path directory) {
        Path file = directory.resolve(FILE);
        if (Files.isSymbolicLink(file)) {
            throw new EventLogException(file, "is a link: a log is read in its own directory only");
        }
        byte[] bytes;
        try {
            bytes = read(file, BYTES_MAX);
        } catch (NoSuchFileException e) {
            throw new EventLogException(
                    file,
                    "the file does not exist: %s is not a directory that gpuctl log export wrote".formatted(directory),
                    e);
        } catch (IOException e) {
            throw new EventLogException(file, "cannot be read: " + e, e);
        }
        return ManifestCheck.checked(file, parse(file, bytes));
    }

    /**
     * Reads the file, but never follows a link, even one created since the check: error messages would quote the lines
     * of its target.
     */
    private static byte[] read(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new EventLogException(file, "has more than %,d bytes: it is not a manifest".formatted(bytesMax));
            }
            return bytes;
        }
    }

    private static LogManifest parse(Path file, byte[] bytes) {
        ObjectMapper mapper = EventJson.mapper();
        try {
            ManifestCheck.requireVersion(file, mapper.readTree(bytes));
            return mapper.readValue(bytes, LogManifest.class);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
            throw new EventLogException(file, line, "is not a manifest: " + UntrustedJson.problem(e), e);
        } catch (IOException e) {
            throw new EventLogException(file, "cannot be read: " + e, e);
        }
    }

    void write(Path directory) {
        Path file = directory.resolve(FILE);
        try {
            Files.writeString(
                    file, EventJson.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(this) + "\n");
        } catch (IOException e) {
            throw new EventLogException(file, "cannot be written: " + e, e);
        }
    }
}
