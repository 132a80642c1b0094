package io.reflux.telemetry;

import io.opentelemetry.api.trace.SpanContext;
import io.reflux.wire.TraceHeaders;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.header.Headers;

/** The traces that images of each feed come from, the newest few since they were last asked for. Safe for several threads. */
public final class RecentTraces {
    private static final int MOST = 32;
    private final Map<String, Map<String, SpanContext>> feeds = new HashMap<>();

    /** Notes where an image comes from, if it says. */
    public synchronized void note(String feed, Headers headers) {
        SpanContext origin = TraceHeaders.read(headers);
        if (origin.isValid()) {
            feeds.computeIfAbsent(feed, unseen -> new Newest()).put(origin.getTraceId(), origin);
        }
    }

    /** Those of a feed, which are forgotten. */
    public synchronized List<SpanContext> take(String feed) {
        Map<String, SpanContext> taken = feeds.remove(feed);
        return taken == null ? List.of() : List.copyOf(taken.values());
    }

    /** Drops what has not been noted for longest. */
    private static final class Newest extends LinkedHashMap<String, SpanContext> {
        private static final long serialVersionUID = 1L;

        private Newest() {
            super(MOST, 0.75f, true);
        }

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, SpanContext> eldest) {
            return size() > MOST;
        }
    }
}
