package io.gpuctl.cli.output;

import java.util.List;

/** Something that is shown in lines, as the place where it goes allows. */
@FunctionalInterface
public interface Page {
    List<String> lines(Screen screen);
}
