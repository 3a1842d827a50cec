package io.gpuctl.cli.chaos.fuzz;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.POJONode;
import com.fasterxml.jackson.databind.util.RawValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;

/** Mutates JSON and bytes into what a hostile or broken client would send. Draws from the given generator. */
public final class JsonMutator {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Written as text, because a JSON library would refuse to write some of these values. */
    private static final List<String> HOSTILE = List.of(
            "null",
            "true",
            "0",
            "-1",
            "1",
            "0.5",
            "-0",
            "2147483648",
            "9223372036854775807",
            "-9223372036854775808",
            "9223372036854775808",
            "1e400",
            "1e-10000000",
            "1e99999999999",
            "1e-2147483648",
            "9".repeat(2_000),
            "NaN",
            "\"\"",
            "\" \"",
            "\"a\"",
            "\"default\"",
            "\"0\"",
            "\"../../etc/passwd\"",
            "\"\\u0000\"",
            "\"\\ud800\"",
            "\"\\u202e\\u001b[2J\"",
            "\"=1+1\"",
            "\"" + "x".repeat(5_000) + "\"",
            "[]",
            "{}",
            "[[[[[[[[]]]]]]]]",
            "[".repeat(1_500) + "]".repeat(1_500),
            "{\"a\":{\"a\":{\"a\":1}}}");

    private final SplittableRandom random;

    public JsonMutator(SplittableRandom random) {
        this.random = random;
    }

    /** Returns a hostile value as JSON text. */
    String value() {
        return HOSTILE.get(random.nextInt(HOSTILE.size()));
    }

    /** Returns a mutation of the text: mostly of some of its values, sometimes of its bytes. */
    public byte[] mutate(byte[] text) {
        if (random.nextInt(10) < 7) {
            try {
                JsonNode tree = JSON.readTree(text);
                if (tree != null && tree.isContainerNode()) {
                    for (int i = 1 + random.nextInt(3); i > 0; i--) {
                        change(tree);
                    }
                    return JSON.writeValueAsString(tree).getBytes(StandardCharsets.UTF_8);
                }
            } catch (JacksonException e) {
                return bytes(text);
            } catch (IOException e) {
                throw new IllegalStateException("Reading from memory cannot fail", e);
            }
        }
        return bytes(text);
    }

    private void change(JsonNode root) {
        List<JsonNode> containers = new ArrayList<>();
        collect(root, containers);
        JsonNode container = containers.get(random.nextInt(containers.size()));
        if (container instanceof ObjectNode object) {
            change(object);
        } else if (container instanceof ArrayNode array) {
            if (array.isEmpty() || random.nextInt(3) == 0) {
                array.add(raw());
            } else if (random.nextBoolean()) {
                array.set(random.nextInt(array.size()), raw());
            } else {
                array.remove(random.nextInt(array.size()));
            }
        }
    }

    private void change(ObjectNode object) {
        List<String> names = new ArrayList<>();
        object.fieldNames().forEachRemaining(names::add);
        if (names.isEmpty() || random.nextInt(8) == 0) {
            object.set("field_" + random.nextInt(100), raw());
            return;
        }
        String name = names.get(random.nextInt(names.size()));
        switch (random.nextInt(4)) {
            case 0 -> object.remove(name);
            case 1 ->
                object.set(
                        names.get(random.nextInt(names.size())),
                        object.get(name).deepCopy());
            default -> object.set(name, raw());
        }
    }

    private JsonNode raw() {
        return new POJONode(new RawValue(value()));
    }

    private static void collect(JsonNode node, List<JsonNode> containers) {
        if (node.isContainerNode()) {
            containers.add(node);
            node.forEach(child -> collect(child, containers));
        }
    }

    private byte[] bytes(byte[] text) {
        byte[] changed = text.clone();
        switch (random.nextInt(4)) {
            case 0 -> {
                for (int i = 1 + random.nextInt(8); i > 0 && changed.length > 0; i--) {
                    changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            case 1 -> changed = Arrays.copyOf(changed, random.nextInt(changed.length + 1));
            case 2 -> {
                changed = new byte[random.nextInt(200)];
                random.nextBytes(changed);
            }
            default -> {
                byte[] twice = Arrays.copyOf(changed, 2 * changed.length);
                System.arraycopy(changed, 0, twice, changed.length, changed.length);
                changed = twice;
            }
        }
        return changed;
    }
}
