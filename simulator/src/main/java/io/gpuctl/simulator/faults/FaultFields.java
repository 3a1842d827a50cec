package io.gpuctl.simulator.faults;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.InvalidFieldException;
import io.gpuctl.events.units.Durations;
import io.gpuctl.events.units.InvalidQuantityException;
import io.gpuctl.events.units.Numbers;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;

/** Reads a fault law from the text of its fields. {@code docs/faults.md} describes the fields. */
public final class FaultFields {
    public static final List<String> NAMES = List.of(
            "kind",
            "xid",
            "gpu_model",
            "mtbf_hours",
            "shape",
            "repair_median",
            "repair_sigma",
            "factor_min",
            "factor_max",
            "lemon_share",
            "lemon_faults",
            "peer_chance",
            "heat_doubling_celsius",
            "heat_normal_celsius");

    private static final String KINDS = String.join(
            ", ", Arrays.stream(FaultKind.values()).map(FaultFields::textOf).toList());
    private static final double DEFAULT_SIGMA = 1;

    private final Function<String, Optional<String>> text;

    private FaultFields(Function<String, Optional<String>> text) {
        this.text = text;
    }

    /**
     * Reads a law.
     *
     * @param text returns the text of a field, if present
     * @throws InvalidFieldException if the fields are not a valid law
     */
    public static FaultLaw read(Function<String, Optional<String>> text) {
        return new FaultFields(text).law();
    }

    private FaultLaw law() {
        FaultKind kind = kind();
        boolean isStraggler = kind == FaultKind.STRAGGLER;
        if (!isStraggler) {
            requireAbsent("factor_min", "absent unless kind is straggler");
            requireAbsent("factor_max", "absent unless kind is straggler");
        }
        double factorMin = number("factor_min").orElse(isStraggler ? 0.5 : 1);
        return new FaultLaw(
                kind,
                xid(),
                new FailureLaw(
                        number("mtbf_hours").orElseThrow(() -> missing("mtbf_hours", "a mean time in hours")),
                        number("shape").orElse(1.0)),
                repair(),
                factorMin,
                number("factor_max").orElse(isStraggler ? Math.max(factorMin, 0.5) : 1),
                victims());
    }

    private Victims victims() {
        return new Victims(
                text.apply("gpu_model").orElse(""),
                number("lemon_share").orElse(0.0),
                number("lemon_faults").orElse(0.0),
                number("peer_chance").orElse(0.0),
                number("heat_doubling_celsius").orElse(0.0),
                number("heat_normal_celsius").orElse(0.0));
    }

    private FaultKind kind() {
        String name = text.apply("kind").orElseThrow(() -> missing("kind", "one of " + KINDS));
        return Arrays.stream(FaultKind.values())
                .filter(kind -> textOf(kind).equals(name))
                .findFirst()
                .orElseThrow(() -> new InvalidFieldException("kind", "'" + name + "'", "one of " + KINDS));
    }

    /** Returns the name of a kind in files and metrics. */
    public static String textOf(FaultKind kind) {
        return kind.name().toLowerCase(Locale.ROOT);
    }

    private int xid() {
        return text.apply("xid")
                .map(digits -> Math.toIntExact(Numbers.whole("xid", digits, 9)))
                .orElse(0);
    }

    private RepairLaw repair() {
        long medianMs = text.apply("repair_median")
                .map(duration -> {
                    try {
                        return Durations.parse(duration).toMillis();
                    } catch (InvalidQuantityException e) {
                        throw new InvalidFieldException(
                                "repair_median", "'" + duration + "'", "a duration such as 30s, 20m or 4h");
                    }
                })
                .orElse(0L);
        if (medianMs == 0) {
            requireAbsent("repair_sigma", "absent unless repair_median is above 0");
            return RepairLaw.NOTHING;
        }
        return new RepairLaw(medianMs, number("repair_sigma").orElse(DEFAULT_SIGMA));
    }

    private Optional<Double> number(String field) {
        return text.apply(field).map(digits -> Numbers.decimal(field, digits));
    }

    private void requireAbsent(String field, String allowed) {
        text.apply(field).ifPresent(value -> {
            throw new InvalidFieldException(field, "'" + value + "'", allowed);
        });
    }

    private static InvalidFieldException missing(String field, String allowed) {
        return new InvalidFieldException(field, "missing", allowed);
    }
}
