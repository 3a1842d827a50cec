package io.gpuctl.cli.output;

import java.util.List;

/** Something that is shown as lines that fit the screen. */
@FunctionalInterface
public interface Page {
    List<String> lines(Screen screen);
}
