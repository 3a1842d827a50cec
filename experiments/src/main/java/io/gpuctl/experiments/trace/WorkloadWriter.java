package io.gpuctl.experiments.trace;

import com.fasterxml.jackson.databind.ObjectWriter;
import io.gpuctl.events.kafka.EventJson;
import java.io.BufferedWriter;
import java.io.Closeable;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.zip.GZIPOutputStream;

/**
 * Writes a workload in the project's own format, gzip-compressed if the file's name ends in {@code .gz}; holds one
 * arrival at a time. The file appears complete with {@link #commit}, and not before: until then, a temporary file
 * beside it holds the content, and is deleted when the writer is closed or the JVM ends. Not thread-safe.
 */
public final class WorkloadWriter implements Closeable {

    private static final ObjectWriter JSON = EventJson.mapper().writer();

    private final Path target;
    private final Path half;
    private final BufferedWriter out;

    private WorkloadWriter(Path target, Path half, BufferedWriter out) {
        this.target = target;
        this.half = half;
        this.out = out;
    }

    /**
     * Begins a file. {@link #commit} replaces an existing file.
     *
     * @param name name of the file in which the workload was recorded
     * @param notes what was lost in the conversion from that file
     * @throws IOException if the file cannot be written
     */
    public static WorkloadWriter create(Path file, String name, ReadingNotes notes) throws IOException {
        checkPlace(file);
        Path target = Files.exists(file) ? file.toRealPath() : file.toAbsolutePath();
        Path half = target.resolveSibling(".%s.%d.tmp"
                .formatted(target.getFileName(), ProcessHandle.current().pid()));
        var writer = new WorkloadWriter(target, half, open(half, file.toString().endsWith(".gz")));
        half.toFile().deleteOnExit();
        try {
            writer.writeLine(WorkloadHeader.of(name, notes));
            return writer;
        } catch (IOException e) {
            writer.close();
            throw e;
        }
    }

    private static void checkPlace(Path file) throws FileSystemException {
        if (Files.exists(file) && !Files.isRegularFile(file)) {
            throw new FileSystemException(file.toString(), null, "it is not a regular file");
        }
        Path directory = file.toAbsolutePath().getParent();
        if (directory == null || !Files.isDirectory(directory)) {
            throw new FileSystemException(file.toString(), null, "there is no directory " + directory);
        }
    }

    private static BufferedWriter open(Path file, boolean compressed) throws IOException {
        // Do not write through an existing link.
        Files.deleteIfExists(file);
        OutputStream bytes = Files.newOutputStream(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        try {
            OutputStream stream = compressed ? new GZIPOutputStream(bytes) : bytes;
            return new BufferedWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8));
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    /** Writes a whole workload. */
    public static void write(Workload workload, Path file) throws IOException {
        try (var writer = create(file, workload.name(), workload.notes())) {
            for (Arrival arrival : workload.arrivals()) {
                writer.write(arrival);
            }
            writer.commit();
        }
    }

    /** Adds an arrival. Arrivals should be in the order of their times, but readers accept any order. */
    public void write(Arrival arrival) throws IOException {
        writeLine(arrival);
    }

    private void writeLine(Object value) throws IOException {
        out.write(JSON.writeValueAsString(value));
        out.write('\n');
    }

    /** Puts the complete file in place. Write nothing after this call. */
    public void commit() throws IOException {
        out.close();
        Files.move(half, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /** Closes the writer. Without a {@link #commit} before, nothing remains. */
    @Override
    public void close() throws IOException {
        try {
            out.close();
        } finally {
            Files.deleteIfExists(half);
        }
    }
}
