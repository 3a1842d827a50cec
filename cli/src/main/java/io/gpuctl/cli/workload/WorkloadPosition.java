package io.gpuctl.cli.workload;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.UntrustedJson;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.apache.kafka.common.utils.Utils;

/**
 * The position in a workload's own time, stored in the data directory. This time stops while the workload is not being
 * submitted. Cluster time, in contrast, continues while a cluster restarts, at a high speed for weeks, and all arrivals
 * of these weeks would then be due at once.
 */
final class WorkloadPosition {

    private static final String FILE = "workload.json";

    private final Path file;
    private final String sha256;
    private final long offsetMs;
    private final long startMs;

    private WorkloadPosition(Path file, String sha256, long offsetMs, long startMs) {
        this.file = file;
        this.sha256 = sha256;
        this.offsetMs = offsetMs;
        this.startMs = startMs;
    }

    /**
     * Returns the position of the run in this directory, 0 for a new run. A new run is stored on the disk before this
     * method returns.
     *
     * @param offsetMs the time in the file that is time 0 of a new run
     * @throws CommandFailedException if the directory holds the run of another workload
     */
    static WorkloadPosition open(Path dataDirectory, Path workload, long offsetMs) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        String sha256 = sha256(workload);
        if (!Files.exists(file)) {
            var position = new WorkloadPosition(file, sha256, offsetMs, 0);
            position.save(0);
            return position;
        }
        JsonNode kept = read(file);
        if (!kept.path("sha256").asText().equals(sha256)) {
            throw new CommandFailedException(
                    "%s holds the run of another workload: its tasks would mix with the tasks of %s. Choose another directory with --data."
                            .formatted(dataDirectory, workload));
        }
        // The field is missing in runs of older versions, which always started at time 0 of the file.
        return new WorkloadPosition(
                file,
                sha256,
                kept.path("offset_ms").asLong(),
                kept.path("position_ms").asLong());
    }

    private static JsonNode read(Path file) throws IOException {
        try {
            return JsonMapper.builder().build().readTree(Files.readString(file));
        } catch (JsonProcessingException e) {
            throw new CommandFailedException(
                    "%s is damaged: %s. Choose another directory with --data."
                            .formatted(file, UntrustedJson.describe(e)),
                    e);
        }
    }

    /** Returns the time in the file that is time 0 of the run. It stays the same after restarts. */
    long offsetMs() {
        return offsetMs;
    }

    /** Returns where the run starts or continues, ms from the start of the workload. */
    long startMs() {
        return startMs;
    }

    /** Stores the position. After a crash, the file is complete, with this position or the previous one. */
    void save(long positionMs) throws IOException {
        Path half = file.resolveSibling(FILE + ".tmp");
        String json = "{\"sha256\": \"%s\", \"offset_ms\": %d, \"position_ms\": %d}\n"
                .formatted(sha256, offsetMs, positionMs);
        // Never write through a leftover of a crash, or through a link that another user placed there.
        Files.deleteIfExists(half);
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Utils.atomicMoveWithFallback(half, file); // Also flushes the directory.
    }

    private static String sha256(Path file) throws IOException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file));
            return HexFormat.of().formatHex(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every JDK has SHA-256", e);
        }
    }
}
