package io.gpuctl.deploy.containers;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.testcontainers.DockerClientFactory;

/** Runs the tests of a class if a Docker daemon answers; otherwise skips them and says so once. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(NeedsDocker.Condition.class)
@interface NeedsDocker {

    /** Asks the daemon. */
    final class Condition implements ExecutionCondition {
        private static final String SKIPPED = "No Docker daemon answers: the tests with containers are skipped";
        private static final AtomicBoolean IS_SAID = new AtomicBoolean();

        @Override
        public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
            if (DockerClientFactory.instance().isDockerAvailable()) {
                return ConditionEvaluationResult.enabled("A Docker daemon answers");
            }
            if (!IS_SAID.getAndSet(true)) {
                System.out.println(SKIPPED);
            }
            return ConditionEvaluationResult.disabled(SKIPPED);
        }
    }
}
