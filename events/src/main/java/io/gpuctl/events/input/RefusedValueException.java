package io.gpuctl.events.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.InvalidFieldException;
import java.io.Serial;

/** Thrown for a document with a value or a name that is refused wherever it occurs. */
public final class RefusedValueException extends JsonProcessingException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final InvalidFieldException problem;

    RefusedValueException(InvalidFieldException problem, JsonLocation place) {
        super(problem.getMessage(), place, problem);
        this.problem = problem;
    }

    /**
     * Returns the field, the value and what is allowed. The field is a path: {@code work.profile},
     * {@code gpu_models[0]}.
     */
    public InvalidFieldException problem() {
        return problem;
    }
}
