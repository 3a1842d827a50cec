package io.gpuctl.experiments.result;

import java.util.List;

/**
 * The text of the report about the whole experiment.
 *
 * @param name title of the report
 * @param description a few sentences; an empty line separates paragraphs
 * @param notes what a reader of the report must know, for example where the workload comes from
 */
public record ExperimentDescription(String name, String description, List<String> notes) {

    public ExperimentDescription {
        notes = List.copyOf(notes);
    }
}
