package io.gpuctl.cli.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gpuctl.cli.CommandFailedException;
import io.gpuctl.events.input.FileFailure;
import io.gpuctl.events.input.UntrustedJson;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file of tasks: JSON Lines, each with the fields of {@code POST /tasks}, or a JSON array of such objects. Reads the
 * file in parts, so a file of any length takes little memory.
 */
final class TaskFile implements AutoCloseable {
    private static final String STANDARD_INPUT = "-";

    private static final JsonMapper MAPPER = JsonMapper.builder()
            // A number goes to the API as it is in the file.
            .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
            .build();

    private final String name;
    private final MappingIterator<JsonNode> tasks;

    private TaskFile(String name, InputStream input) throws IOException {
        this.name = name;
        tasks = MAPPER.readerFor(JsonNode.class).readValues(input);
    }

    /**
     * Opens the file.
     *
     * @param file a path, or {@code -} for standard input
     * @throws CommandFailedException if the file cannot be read
     */
    static TaskFile open(String file) {
        boolean isStandardInput = file.equals(STANDARD_INPUT);
        String name = isStandardInput ? "standard input" : file;
        try {
            return new TaskFile(
                    name, isStandardInput ? System.in : new BufferedInputStream(Files.newInputStream(Path.of(file))));
        } catch (JsonProcessingException e) {
            throw notJson(name, e);
        } catch (IOException e) {
            throw new CommandFailedException(name + ": " + FileFailure.reason(e), e);
        }
    }

    /**
     * Returns the next tasks; none at the end of the file.
     *
     * @throws CommandFailedException if the file cannot be read, or the next task is not JSON
     */
    TaskBatch next() {
        var batch = new TaskBatch();
        try {
            while (batch.hasRoom() && tasks.hasNextValue()) {
                batch.add(tasks.nextValue());
            }
        } catch (JsonProcessingException e) {
            throw notJson(name, e);
        } catch (IOException e) {
            throw new CommandFailedException(name + ": " + FileFailure.reason(e), e);
        }
        return batch;
    }

    private static CommandFailedException notJson(String name, JsonProcessingException e) {
        return new CommandFailedException(
                "%s is neither JSON Lines nor a JSON array: %s".formatted(name, UntrustedJson.describe(e)), e);
    }

    @Override
    public void close() {
        try {
            tasks.close();
        } catch (IOException e) {
            throw new CommandFailedException(name + ": " + FileFailure.reason(e), e);
        }
    }
}
