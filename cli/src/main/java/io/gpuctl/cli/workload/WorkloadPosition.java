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
 * How far a workload's own time has come, kept in the data directory. That time stands still while nobody feeds the
 * workload: cluster time runs on while a cluster restarts, at a high speed for weeks, whose arrivals would then all be
 * due at once.
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
     * The position of the run in that directory, 0 for a new one; what the run is of is on the disk when this returns.
     *
     * @param offsetMs which of the file's times is the time 0 of a new run
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
                    "%s holds the run of another workload: its tasks would mix with those of %s. Choose another directory with --data."
                            .formatted(dataDirectory, workload));
        }
        // Runs of programs that kept every offset have no such field.
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

    /** Which of the file's times is the time 0 of the run. It stays so however the run goes on. */
    long offsetMs() {
        return offsetMs;
    }

    /** Where the run begins or goes on, ms from the start of the workload. */
    long startMs() {
        return startMs;
    }

    /** Keeps how far it has come. After a crash the file is there whole, with this position or the one before. */
    void save(long positionMs) throws IOException {
        Path half = file.resolveSibling(FILE + ".tmp");
        String json = "{\"sha256\": \"%s\", \"offset_ms\": %d, \"position_ms\": %d}\n"
                .formatted(sha256, offsetMs, positionMs);
        // What a crash left, or a link that somebody put there, is not written through.
        Files.deleteIfExists(half);
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(json.getBytes(StandardCharsets.UTF_8)));
            channel.force(true);
        }
        Utils.atomicMoveWithFallback(half, file); // Flushes the directory too.
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
