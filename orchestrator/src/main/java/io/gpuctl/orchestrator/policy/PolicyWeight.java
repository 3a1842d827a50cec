package io.gpuctl.orchestrator.policy;

/**
 * A number that an operator may set for a policy; from 0 to a highest.
 *
 * @param name as it stands in configuration, for example {@code hot_margin_celsius}
 * @param meaning for people, without a full stop
 */
public record PolicyWeight(String name, double byDefault, double max, String meaning) {
    /** Name and default: {@code power=0.15}. */
    String text() {
        String number =
                byDefault == Math.rint(byDefault) ? Long.toString((long) byDefault) : Double.toString(byDefault);
        return name + "=" + number;
    }
}
