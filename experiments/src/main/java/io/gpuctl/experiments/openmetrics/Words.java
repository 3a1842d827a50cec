package io.gpuctl.experiments.openmetrics;

import java.util.Locale;

/** What enum constants are called in labels. */
final class Words {
    private Words() {}

    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
