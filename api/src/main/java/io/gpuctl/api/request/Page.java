package io.gpuctl.api.request;

import org.jspecify.annotations.Nullable;

/** A part of a listing. {@link PageLinks} says where the next is, in the header that clients know. */
public interface Page {

    /** What {@code cursor} must be for the next page; null on the last. */
    @Nullable
    String nextCursor();
}
