package io.gpuctl.cli.client;

import io.gpuctl.cli.output.Printable;
import java.io.PrintWriter;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.BiConsumer;
import java.util.function.Function;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** A command that is a client of the API. */
abstract class ClientCommand implements Callable<Integer> {

    static final int OK = 0;
    static final int FAILED = 1;

    private static final int AT_A_TIME = 32;

    @Spec
    @SuppressWarnings("NullAway.Init") // picocli injects it before it calls call.
    private CommandSpec spec;

    @Mixin
    private ServerOption server = new ServerOption();

    @Override
    public final Integer call() throws InterruptedException {
        try (var api = server.connect()) {
            int exitCode = run(api);
            out().flush();
            return exitCode;
        }
    }

    /** Runs the command, and returns its exit code. */
    abstract int run(ApiClient api) throws InterruptedException;

    /** The work on one of several ids. */
    @FunctionalInterface
    interface Work {
        void on(String id) throws InterruptedException;
    }

    /**
     * Does the work for each id. Reports each refusal of the API and continues. Returns {@link #FAILED} if the API
     * refused one.
     */
    final int forEach(Collection<String> ids, Work work) throws InterruptedException {
        int exitCode = OK;
        for (String id : new LinkedHashSet<>(ids)) {
            try {
                work.on(id);
            } catch (ApiProblemException e) {
                exitCode = refused(id, e);
            }
        }
        return exitCode;
    }

    /**
     * Asks the API about each id, {@value #AT_A_TIME} at a time, since each answer takes a commit of the cluster. The
     * calling thread passes on the answers in the order of the ids. Refusals are handled as in
     * {@link #forEach(Collection, Work)}; if the API cannot be reached, requests that have not begun are dropped.
     */
    final <T> int forEach(Collection<String> ids, Function<String, T> ask, BiConsumer<String, T> tell)
            throws InterruptedException {
        Map<String, Future<T>> answers = new LinkedHashMap<>();
        ExecutorService askers = Executors.newFixedThreadPool(
                AT_A_TIME, Thread.ofPlatform().daemon().name("ask-", 0).factory());
        try {
            for (String id : ids) {
                answers.computeIfAbsent(id, _ -> askers.submit(() -> ask.apply(id)));
            }
            int exitCode = OK;
            for (Map.Entry<String, Future<T>> answer : answers.entrySet()) {
                try {
                    tell.accept(answer.getKey(), answer.getValue().get());
                } catch (ExecutionException e) {
                    exitCode = switch (e.getCause()) {
                        case ApiProblemException problem -> refused(answer.getKey(), problem);
                        case RuntimeException other -> throw other;
                        case null, default -> throw new IllegalStateException(e);
                    };
                }
            }
            return exitCode;
        } finally {
            askers.shutdownNow();
        }
    }

    private int refused(String id, ApiProblemException e) {
        String problem = String.valueOf(e.getMessage());
        err().println("gpuctl: " + Printable.lines(problem.contains(id) ? problem : id + ": " + problem));
        err().flush();
        return FAILED;
    }

    final CommandSpec spec() {
        return spec;
    }

    final PrintWriter out() {
        return spec.commandLine().getOut();
    }

    final PrintWriter err() {
        return spec.commandLine().getErr();
    }
}
