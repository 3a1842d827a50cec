package io.gpuctl.cli.workload;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.cli.CommandFailedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * When a workload's time 0 is in cluster time, kept in the data directory: so a restart goes on where the run was.
 *
 * @param sha256 of the workload's file
 * @param originMs ms of cluster time
 */
record WorkloadOrigin(String sha256, long originMs) {

    private static final String FILE = "workload.json";

    /**
     * The origin of the run in that directory: the kept one, or {@code nowMs} for a new run, which is on the disk when
     * this returns.
     *
     * @throws CommandFailedException if the directory holds the run of another workload
     */
    static WorkloadOrigin of(Path dataDirectory, Path workload, long nowMs) throws IOException {
        Path file = dataDirectory.resolve(FILE);
        String sha256 = sha256(workload);
        if (!Files.exists(file)) {
            var origin = new WorkloadOrigin(sha256, nowMs);
            origin.write(file);
            return origin;
        }
        JsonNode kept = JsonMapper.builder().build().readTree(Files.readString(file));
        if (!kept.path("sha256").asText().equals(sha256)) {
            throw new CommandFailedException(
                    "%s holds the run of another workload: its tasks would mix with those of %s. Choose another directory with --data."
                            .formatted(dataDirectory, workload));
        }
        return new WorkloadOrigin(sha256, kept.path("origin_ms").asLong());
    }

    /** After a crash the file is there, whole, or it is not there. */
    private void write(Path file) throws IOException {
        Path half = file.resolveSibling(FILE + ".tmp");
        String json = "{\"sha256\": \"%s\", \"origin_ms\": %d}\n".formatted(sha256, originMs);
        Files.writeString(half, json, StandardCharsets.UTF_8);
        try (FileChannel channel = FileChannel.open(half, StandardOpenOption.WRITE)) {
            channel.force(true);
        }
        Files.move(half, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
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
