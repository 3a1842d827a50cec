package io.gpuctl.events.input;

import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import io.gpuctl.events.InvalidFieldException;
import java.io.Serial;

/** A document of which a value, or a name, is refused wherever it stands. */
public final class RefusedValueException extends JsonProcessingException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final InvalidFieldException problem;

    RefusedValueException(InvalidFieldException problem, JsonLocation place) {
        super(problem.getMessage(), place, problem);
        this.problem = problem;
    }

    /** Field, value and what is allowed; the field is a path: {@code work.profile}, {@code gpu_models[0]}. */
    public InvalidFieldException problem() {
        return problem;
    }
}
