package io.gpuctl.audit.rules;

/**
 * A violation of a rule.
 *
 * @param rule the name of the rule
 * @param place the record that shows it
 * @param text what is wrong, as text for people
 */
public record Violation(String rule, Place place, String text) {}
