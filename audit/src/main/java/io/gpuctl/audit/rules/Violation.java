package io.gpuctl.audit.rules;

/**
 * Something that does not agree.
 *
 * @param rule which rule found it
 * @param place the record that shows it
 * @param text what is wrong with it, for people
 */
public record Violation(String rule, Place place, String text) {}
