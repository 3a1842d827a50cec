package io.gpuctl.api.request;

import org.jspecify.annotations.Nullable;

/** A page of a listing. {@link PageLinks} adds the link to the next page to the answer. */
public interface Page {

    /** Returns the {@code cursor} of the next page; null on the last page. */
    @Nullable
    String nextCursor();
}
