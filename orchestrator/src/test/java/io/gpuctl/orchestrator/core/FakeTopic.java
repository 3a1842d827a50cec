package io.gpuctl.orchestrator.core;

import java.util.ArrayList;
import java.util.List;

/** One partition of a topic. */
final class FakeTopic<T> {
    private final String name;
    private final List<T> records = new ArrayList<>();

    FakeTopic(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    void append(T record) {
        records.add(record);
    }

    T get(int offset) {
        return records.get(offset);
    }

    int size() {
        return records.size();
    }

    List<T> records() {
        return List.copyOf(records);
    }
}
