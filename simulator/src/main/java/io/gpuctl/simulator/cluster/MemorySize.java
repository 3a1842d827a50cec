package io.gpuctl.simulator.cluster;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;

/** Amounts of memory as people write them: {@code 80GiB}, {@code 1.5 TiB}, {@code 512MiB}. */
final class MemorySize {
    static final String ALLOWED = "a size such as 512MiB, 80GiB or 1TiB";

    private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}(?:\\.[0-9]{1,6})?)\\s*(MiB|GiB|TiB)");
    private static final Map<String, Integer> MIB = Map.of("MiB", 1, "GiB", 1024, "TiB", 1024 * 1024);

    private MemorySize() {}

    /** In MiB, rounded down; empty if it is no size. */
    static Optional<Long> parseMib(String text) {
        var matcher = SIZE.matcher(text.strip());
        if (!matcher.matches()) {
            return Optional.empty();
        }
        var mib = new BigDecimal(matcher.group(1)).multiply(BigDecimal.valueOf(MIB.getOrDefault(matcher.group(2), 1)));
        return Optional.of(mib.setScale(0, RoundingMode.DOWN).longValueExact());
    }
}
