package io.gpuctl.experiments.result;

import java.util.List;

/**
 * What the report says of the experiment as a whole.
 *
 * @param name its title
 * @param description a few sentences; paragraphs are apart by an empty line
 * @param notes what a reader must know, for example where the workload comes from
 */
public record ExperimentDescription(String name, String description, List<String> notes) {

    public ExperimentDescription {
        notes = List.copyOf(notes);
    }
}
