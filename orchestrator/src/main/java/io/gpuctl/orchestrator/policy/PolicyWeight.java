package io.gpuctl.orchestrator.policy;

/**
 * A number from 0 to {@code max} that an operator may set for a policy.
 *
 * @param name its name in configuration, for example {@code hot_margin_celsius}
 * @param meaning for people, without a full stop
 */
public record PolicyWeight(String name, double byDefault, double max, String meaning) {
    /** Returns name and default: {@code power=0.15}. */
    String text() {
        String number =
                byDefault == Math.rint(byDefault) ? Long.toString((long) byDefault) : Double.toString(byDefault);
        return name + "=" + number;
    }
}
