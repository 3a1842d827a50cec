package io.gpuctl.cli.client;

import com.fasterxml.jackson.databind.JsonNode;
import io.gpuctl.cli.client.ApiClient.Query;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a listing of the API, page by page. */
final class Listing {

    /** The largest page that the API returns. */
    private static final int PAGE_SIZE_MAX = 1_000;

    /** The largest page of entries that include additional documents. */
    private static final int INCLUDING_PAGE_SIZE_MAX = 100;

    private Listing() {}

    /**
     * Returns the entries of a listing.
     *
     * @param kind both the path and the field: "tasks"
     * @param filters parameters of each page
     * @param limit the maximum number of entries
     */
    static List<JsonNode> read(ApiClient api, String kind, Map<String, String> filters, int limit) {
        List<JsonNode> entries = new ArrayList<>();
        read(api, "/" + kind, kind, filters, limit, entries);
        return entries;
    }

    /**
     * Adds the entries of a listing, and returns its last page, which contains further fields.
     *
     * @param kind the field that has the entries
     */
    static JsonNode read(
            ApiClient api, String path, String kind, Map<String, String> filters, int limit, List<JsonNode> entries) {
        int pageSizeMax = filters.containsKey("include") ? INCLUDING_PAGE_SIZE_MAX : PAGE_SIZE_MAX;
        JsonNode page;
        String cursor = "";
        do {
            Map<String, String> parameters = new LinkedHashMap<>(filters);
            parameters.put("limit", Integer.toString(Math.min(pageSizeMax, limit - entries.size())));
            if (!cursor.isEmpty()) {
                parameters.put("cursor", cursor);
            }
            page = api.get(new Query(path, parameters));
            page.path(kind).forEach(entries::add);
            cursor = page.path("next_cursor").asText();
        } while (!cursor.isEmpty() && entries.size() < limit);
        return page;
    }
}
