package io.gpuctl.cli.client;

import io.gpuctl.events.units.Cpus;
import io.gpuctl.events.units.Durations;
import io.gpuctl.events.units.Gpus;
import io.gpuctl.events.units.InvalidQuantityException;
import io.gpuctl.events.units.Sizes;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.function.Function;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Makes picocli report what is wrong with a quantity, after the option's name. */
public abstract class QuantityConverter<T> implements ITypeConverter<T> {

    private final Function<String, T> parser;

    private QuantityConverter(Function<String, T> parser) {
        this.parser = parser;
    }

    @Override
    public final T convert(String text) {
        try {
            return parser.apply(text);
        } catch (InvalidQuantityException e) {
            throw new TypeConversionException(e.getMessage());
        }
    }

    static final class OfGpus extends QuantityConverter<BigDecimal> {
        OfGpus() {
            super(Gpus::parse);
        }
    }

    /** Reads a size, in MiB. */
    static final class OfSize extends QuantityConverter<Long> {
        OfSize() {
            super(Sizes::parseMib);
        }
    }

    /** Reads a number of CPU cores, in thousandths. */
    static final class OfCpus extends QuantityConverter<Long> {
        OfCpus() {
            super(Cpus::parseMilli);
        }
    }

    public static final class OfDuration extends QuantityConverter<Duration> {
        public OfDuration() {
            super(Durations::parse);
        }
    }
}
