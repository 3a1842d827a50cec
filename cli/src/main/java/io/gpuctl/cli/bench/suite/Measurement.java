package io.gpuctl.cli.bench.suite;

import java.util.Map;

/** A measurement of the suite. */
interface Measurement {
    /** Returns the name, which users give to {@code --only}. */
    String name();

    /** Returns what is measured: a paragraph of the page. */
    String description();

    /** Measures once. Returns the figures by their names, which end with the unit. */
    Map<String, Double> measure(Rig rig) throws Exception;
}
