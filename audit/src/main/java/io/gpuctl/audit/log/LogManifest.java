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
 * What an exported log holds: {@code manifest.json}.
 *
 * @param format always {@link #FORMAT}
 * @param formatVersion always {@link #FORMAT_VERSION}: another is not read
 * @param tool program and version that wrote it
 * @param exportedAt when, ISO 8601; the one thing that differs between two exports of the same log
 * @param fromMs records written before were left out; null if none were
 * @param toMs records written then or later were left out; null if none were
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
    /** 16 MiB: some hundred bytes for each of at most some thousand files. */
    private static final int BYTES_MAX = 16 << 20;

    static final String FILE = "manifest.json";

    public LogManifest {
        Objects.requireNonNull(tool, "\"tool\" is missing");
        Objects.requireNonNull(exportedAt, "\"exported_at\" is missing");
        topics = List.copyOf(Objects.requireNonNull(topics, "\"topics\" is missing"));
    }

    /** Of a log that is written now in this version of the format. */
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

    /** All topics together. */
    public long recordCount() {
        return partitionFiles().stream().mapToLong(PartitionFile::records).sum();
    }

    /** All topics together. */
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
                    "there is no such file: %s is not a directory that gpuctl log export wrote".formatted(directory),
                    e);
        } catch (IOException e) {
            throw new EventLogException(file, "cannot be read: " + e, e);
        }
        return ManifestCheck.checked(file, parse(file, bytes));
    }

    /** Not what a link leads to, were it put there just now: its lines would be quoted. */
    private static byte[] read(Path file, int bytesMax) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(bytesMax + 1);
            if (bytes.length > bytesMax) {
                throw new EventLogException(file, "has more than %,d bytes: it is no manifest".formatted(bytesMax));
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
            throw new EventLogException(file, line, "is no manifest: " + UntrustedJson.problem(e), e);
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
