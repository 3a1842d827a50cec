package io.gpuctl.cli;

import com.fasterxml.jackson.core.JacksonException;
import io.gpuctl.cli.output.OutputFailedException;
import io.gpuctl.cli.output.Printable;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.NewerLogError;
import io.gpuctl.events.input.FileFailure;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.FileSystemException;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.kafka.common.KafkaException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;

/**
 * Prints the failure of a command on stderr. An expected failure, or a failure of the machine (a full disk, too many
 * open files, a file without write permission), is printed as one sentence. Any other failure is printed with its stack
 * trace.
 */
final class FailureHandler implements IExecutionExceptionHandler {

    /** If this variable is set, every failure is printed with its stack trace. */
    private static final String DEBUG_VARIABLE = "GPUCTL_DEBUG";

    /** The prefix of a line on stderr that says why a command ended. */
    static final String PREFIX = "gpuctl: ";

    @Override
    public int handleExecutionException(Exception failure, CommandLine commandLine, ParseResult parsed)
            throws Exception {
        if (failure instanceof ParameterException usage) {
            return commandLine.getParameterExceptionHandler().handleParseException(usage, new String[0]);
        }
        return say(failure, commandLine.getErr());
    }

    /**
     * Prints a failure, also an error that is no exception, such as an {@link OutOfMemoryError}. Returns the exit code.
     */
    static int say(Throwable failure, PrintWriter err) {
        if (failure instanceof OutputFailedException output && output.isReaderGone()) {
            return ExitCodes.READER_GONE;
        }
        Optional<String> sentence = sentence(failure);
        String told = Printable.lines(sentence.orElseGet(failure::toString));
        boolean withTrace = sentence.isEmpty() || System.getenv(DEBUG_VARIABLE) != null;
        if (err instanceof JsonLog.Messages messages) {
            messages.failure(told, withTrace ? failure : null);
            return ExitCodes.of(failure);
        }
        err.println(PREFIX + told);
        if (withTrace) {
            failure.printStackTrace(err);
        }
        err.flush();
        return ExitCodes.of(failure);
    }

    /** Returns the sentence for an expected failure; empty for any other failure. */
    static Optional<String> sentence(Throwable failure) {
        if (failure instanceof CommandFailedException) {
            return Optional.of(String.valueOf(failure.getMessage()));
        }
        Optional<String> whatToMend = NewerLogError.in(failure)
                .map(NewerLogError::sentence)
                .or(() -> first(failure, InvalidFieldException.class))
                .or(() -> first(failure, KafkaException.class).map(words -> "Kafka cannot be used: " + words));
        if (whatToMend.isPresent()) {
            return whatToMend;
        }
        if (causes(failure).anyMatch(OutOfMemoryError.class::isInstance)) {
            return Optional.of(
                    "The heap of %,d MiB is too small for this command: allow more with GPUCTL_JAVA_OPTS=-Xmx4g"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20));
        }
        return causes(failure)
                .filter(cause -> cause instanceof IOException && !(cause instanceof JacksonException))
                .reduce((_, deeper) -> deeper)
                .map(FailureHandler::words);
    }

    private static Optional<String> first(Throwable failure, Class<? extends Throwable> kind) {
        return causes(failure).filter(kind::isInstance).findFirst().map(cause -> String.valueOf(cause.getMessage()));
    }

    private static String words(Throwable cause) {
        String reason = FileFailure.reason((IOException) cause);
        return cause instanceof FileSystemException file && file.getFile() != null
                ? file.getFile() + ": " + reason
                : reason;
    }

    private static Stream<Throwable> causes(Throwable failure) {
        return Stream.iterate(failure, cause -> cause != null, Throwable::getCause)
                .limit(20);
    }
}
