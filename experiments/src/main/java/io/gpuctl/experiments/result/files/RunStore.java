package io.gpuctl.experiments.result.files;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.experiments.result.RunKey;
import io.gpuctl.experiments.result.RunResult;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipException;

/**
 * The finished runs of an experiment, in a file each: {@code DIR/runs/WORKLOAD_POLICY_LOAD_SEED-HASH.json.gz}. A run is
 * durable when {@link #save} returns; until then its file does not exist. Several threads may save different runs in
 * parallel.
 */
public final class RunStore implements FinishedRuns {

    private static final ObjectMapper JSON = EventJson.mapper();
    private static final String FOLDER = "runs";
    private static final int BUFFER_BYTES = 64 * 1024;
    private static final int NAME_CHARACTERS = 40;
    private static final int HASH_CHARACTERS = 12;

    private final Path folder;
    private final String fingerprint;

    /** Makes the files larger by a fifth than the usual level does, in a third of the time. */
    private static final class FastGzip extends GZIPOutputStream {
        FastGzip(OutputStream out) throws IOException {
            super(out, BUFFER_BYTES);
            def.setLevel(Deflater.BEST_SPEED);
        }
    }

    private RunStore(Path folder, String fingerprint) {
        this.folder = folder;
        this.fingerprint = fingerprint;
    }

    /**
     * Opens the store in a directory, and creates missing folders.
     *
     * @param fingerprint digest of all that decides a run besides its key: the cluster, the workload's content,
     *     options. Runs saved with another fingerprint are not found, so that a changed experiment is not mixed with
     *     the old one
     */
    public static RunStore open(Path directory, String fingerprint) throws IOException {
        Path folder = directory.resolve(FOLDER);
        Files.createDirectories(folder);
        return new RunStore(folder, fingerprint);
    }

    /** Returns whether the run is finished, without reading it. */
    public boolean contains(RunKey key) {
        return Files.exists(file(key));
    }

    /** Saves a finished run durably; replaces an earlier result of the run. */
    public void save(RunResult result) throws IOException {
        AtomicFile.write(file(result.key()), path -> {
            try (OutputStream out = new FastGzip(Files.newOutputStream(path))) {
                JSON.writeValue(out, result);
            }
        });
    }

    /** Reads a run back. The message of the exception also says if the file is damaged. */
    @Override
    public Optional<RunResult> find(RunKey key) throws IOException {
        Path file = file(key);
        try (InputStream in = new GZIPInputStream(Files.newInputStream(file), BUFFER_BYTES)) {
            return Optional.of(JSON.readValue(in, RunResult.class));
        } catch (NoSuchFileException _) {
            return Optional.empty();
        } catch (JsonProcessingException | ZipException | EOFException e) {
            throw new IOException(file + " is damaged; delete it to repeat its run: " + e.getMessage(), e);
        }
    }

    Path file(RunKey key) {
        return folder.resolve(name(key) + ".json.gz");
    }

    /** Returns the base name of the run's files: readable, with a hash that distinguishes similar names. */
    public String name(RunKey key) {
        String name = String.join("_", shortened(key.workload()), shortened(key.policy()));
        String load = key.loadText().isEmpty() ? "" : "_" + key.loadText();
        return name + load + "_" + key.seed() + "-" + hash(key);
    }

    private static String shortened(String text) {
        String plain = text.replaceAll("[^A-Za-z0-9.-]+", "-");
        return plain.substring(0, Math.min(NAME_CHARACTERS, plain.length()));
    }

    private String hash(RunKey key) {
        String[] parts = {
            key.experiment(), key.workload(), key.policy(), key.loadText(), Long.toString(key.seed()), fingerprint
        };
        // NUL distinguishes "a" + "bc" from "ab" + "c".
        byte[] all = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(all);
            return HexFormat.of().formatHex(digest).substring(0, HASH_CHARACTERS);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("Every JDK has SHA-256", e);
        }
    }
}
