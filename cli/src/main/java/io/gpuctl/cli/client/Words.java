package io.gpuctl.cli.client;

import io.gpuctl.events.FaultKind;
import io.gpuctl.events.LoadProfile;
import io.gpuctl.events.NodeHealth;
import io.gpuctl.events.Priority;
import io.gpuctl.events.TaskState;
import io.gpuctl.events.kafka.EventJson;
import io.gpuctl.events.units.PlainText;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** The API's words that options accept, for help and completion. The API refuses all other words. */
final class Words {

    private Words() {}

    /**
     * Returns the word if it is one of these; throws {@link ParameterException} if not. For words that the API does not
     * check.
     */
    static String require(String option, String word, List<String> words, CommandLine command) {
        if (!words.contains(word)) {
            throw new ParameterException(
                    command,
                    "%s is '%s', but must be one of %s"
                            .formatted(option, PlainText.quoted(word), String.join(", ", words)));
        }
        return word;
    }

    /** The values of an enumeration, as written in JSON. */
    abstract static class Of extends ArrayList<String> {
        private static final long serialVersionUID = 1L;

        Of(Enum<?>... values) {
            super(Arrays.stream(values)
                    .map(value -> EventJson.mapper().convertValue(value, String.class))
                    .toList());
        }
    }

    static final class TaskStates extends Of {
        private static final long serialVersionUID = 1L;

        TaskStates() {
            super(TaskState.values());
        }
    }

    static final class NodeHealths extends Of {
        private static final long serialVersionUID = 1L;

        NodeHealths() {
            super(NodeHealth.values());
        }
    }

    static final class Priorities extends Of {
        private static final long serialVersionUID = 1L;

        Priorities() {
            super(Priority.values());
        }
    }

    static final class Profiles extends Of {
        private static final long serialVersionUID = 1L;

        Profiles() {
            super(LoadProfile.values());
        }
    }

    static final class FaultKinds extends Of {
        private static final long serialVersionUID = 1L;

        FaultKinds() {
            super(FaultKind.values());
        }
    }
}
