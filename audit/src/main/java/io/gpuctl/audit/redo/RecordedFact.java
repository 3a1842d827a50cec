package io.gpuctl.audit.redo;

import io.gpuctl.audit.log.LogPlace;
import io.gpuctl.audit.log.RawRecord;
import io.gpuctl.events.Fact;
import java.nio.charset.StandardCharsets;

/** A fact as recorded in the log. */
record RecordedFact(LogPlace place, RawRecord raw, Fact fact) {
    /** Returns the unchanged value as text. */
    String text() {
        byte[] value = raw.value();
        return value == null ? "" : new String(value, StandardCharsets.UTF_8);
    }
}
