package io.gpuctl.orchestrator.runtime;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.AttemptId;
import io.gpuctl.events.NodeCommand;
import io.gpuctl.events.NodeId;
import io.gpuctl.events.PoolId;
import io.gpuctl.events.TaskReport;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.orchestrator.core.Node;
import io.gpuctl.orchestrator.core.PoolState;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.state.KeyValueStore;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that prove which node of a pool sent a report. Each command to a node carries a token that only the
 * orchestrator can make, and the node's reports of the attempt repeat the token. It is an HMAC over pool, attempt and
 * node with a secret of the pool, so nothing is stored per attempt, and an orchestrator that takes over makes the same
 * tokens.
 *
 * <p>The secret is in the orchestrator's store, next to the state but not part of it: facts and replays contain no
 * tokens. The first command creates the secret. Attempts that already run then were placed by a version without tokens;
 * they are recorded, and may report without a token. Used by one stream thread.
 */
final class AttemptTokens {
    /**
     * The kind of the entries in the store: {@code pool/token/secret}, {@code pool/token/placed-without/node/attempt}.
     */
    private static final String KIND = "token";

    private static final String ALGORITHM = "HmacSHA256";
    private static final int SECRET_BYTES = 32;
    private static final int TOKEN_BYTES = 16;

    private final KeyValueStore<String, byte[]> store;
    private final PoolId pool;
    private final Set<Placed> placedWithout = new HashSet<>();
    private @Nullable Mac mac;

    /** An attempt on a node. */
    record Placed(NodeId nodeId, AttemptId attempt) {}

    /** Loads the tokens of a pool from the store. */
    AttemptTokens(KeyValueStore<String, byte[]> store, PoolState state) {
        this.store = store;
        pool = state.pool();
        byte[] secret = store.get(key("secret"));
        if (secret != null) {
            mac = mac(secret);
            loadPlacedWithout(state);
        }
    }

    private void loadPlacedWithout(PoolState state) {
        List<String> over = new ArrayList<>();
        String from = key("placed-without/");
        try (var entries = store.range(from, from + Character.MAX_VALUE)) {
            while (entries.hasNext()) {
                KeyValue<String, byte[]> entry = entries.next();
                Placed placed = read(entry.value);
                if (holds(state, placed)) {
                    placedWithout.add(placed);
                } else {
                    over.add(entry.key);
                }
            }
        }
        over.forEach(store::delete);
    }

    private static boolean holds(PoolState state, Placed placed) {
        Node node = state.node(placed.nodeId());
        return node != null && node.held().containsKey(placed.attempt());
    }

    /**
     * Returns the command with its token.
     *
     * @param state the pool's state, with the attempts that {@code decided} starts
     * @param decided all commands of the decision that the command belongs to
     */
    NodeCommand proven(NodeCommand command, PoolState state, List<NodeCommand> decided) {
        if (mac == null) {
            begin(state, decided);
        }
        return command.withToken(token(command.attempt(), command.nodeId(), command.incarnation()));
    }

    /** Returns what is wrong with the token of a report; empty if nothing is wrong, or if the report has no effect. */
    Optional<String> whyNot(TaskReport report, PoolState state) {
        TaskReport.Source source = report.source();
        var placed = new Placed(source.nodeId(), report.attempt());
        if (mac == null || !holds(state, placed) || placedWithout.contains(placed)) {
            return Optional.empty();
        }
        if (source.token().isEmpty()) {
            return Optional.of(
                    "it has no token, but node %s was given one with the attempt".formatted(source.nodeId()));
        }
        return isEqual(source.token(), token(report.attempt(), source.nodeId(), source.incarnation()))
                ? Optional.empty()
                : Optional.of(
                        "its token is not the one that node %s was given with the attempt".formatted(source.nodeId()));
    }

    /** Compares in constant time, so that the time does not reveal where the tokens differ. */
    private static boolean isEqual(String one, String other) {
        return MessageDigest.isEqual(one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
    }

    private void begin(PoolState state, List<NodeCommand> decided) {
        byte[] secret = new byte[SECRET_BYTES];
        new SecureRandom().nextBytes(secret);
        mac = mac(secret);
        store.put(key("secret"), secret);
        for (Node node : state.nodes()) {
            for (AttemptId attempt : node.held().keySet()) {
                var placed = new Placed(node.id(), attempt);
                if (decided.stream().noneMatch(command -> starts(command, placed))) {
                    placedWithout.add(placed);
                    store.put(key("placed-without/%s/%s".formatted(node.id(), attempt)), write(placed));
                }
            }
        }
    }

    private static boolean starts(NodeCommand command, Placed placed) {
        return command instanceof NodeCommand.StartAttempt
                && command.nodeId().equals(placed.nodeId())
                && command.attempt().equals(placed.attempt());
    }

    private String token(AttemptId attempt, NodeId nodeId, long incarnation) {
        if (mac == null) {
            throw new IllegalStateException("The pool has no secret yet");
        }
        // Ids have no line feeds, so different values never give the same text.
        String text = String.join(
                "\n",
                pool.value(),
                attempt.taskId().value(),
                Integer.toString(attempt.number()),
                nodeId.value(),
                Long.toString(incarnation));
        byte[] digest = mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
        return Base64.getUrlEncoder().withoutPadding().encodeToString(Arrays.copyOf(digest, TOKEN_BYTES));
    }

    private static Mac mac(byte[] secret) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(new SecretKeySpec(secret, ALGORITHM));
            return mac;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JDK has " + ALGORITHM, e);
        }
    }

    /** Returns whether the key is of an entry that this class stores. */
    static boolean isKey(String storedKey) {
        String[] parts = storedKey.split("/", 3);
        return parts.length == 3 && parts[1].equals(KIND);
    }

    private String key(String name) {
        return "%s/%s/%s".formatted(pool, KIND, name);
    }

    private static Placed read(byte[] value) {
        try {
            return EventJson.mapper().readValue(value, Placed.class);
        } catch (IOException e) {
            throw new UncheckedIOException("The entry of an attempt without a token cannot be read", e);
        }
    }

    private static byte[] write(Placed value) {
        try {
            return EventJson.mapper().writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException("The entry of an attempt without a token cannot be written", e);
        }
    }
}
