package io.reflux.wire;

import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.propagation.W3CTraceContextPropagator;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.propagation.TextMapGetter;
import io.opentelemetry.context.propagation.TextMapPropagator;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of W3C Trace Context on a Kafka record: {@code traceparent}, and {@code tracestate} where there is one. */
public final class TraceHeaders {
    /** Names the span that a record comes from. */
    public static final String PARENT = "traceparent";

    private static final TextMapPropagator FORMAT = W3CTraceContextPropagator.getInstance();

    private static final TextMapGetter<Headers> READER = new TextMapGetter<>() {
        @Override
        public Iterable<String> keys(Headers headers) {
            return Arrays.stream(headers.toArray()).map(Header::key).collect(Collectors.toSet());
        }

        @Override
        public @Nullable String get(@Nullable Headers headers, String name) {
            Header header = headers == null ? null : headers.lastHeader(name);
            return header == null || header.value() == null
                    ? null
                    : new String(header.value(), StandardCharsets.US_ASCII);
        }
    };

    private TraceHeaders() {}

    /** The span that a record comes from; an invalid one when it does not say, or nobody can read what it says. */
    public static SpanContext read(Headers headers) {
        return Span.fromContext(FORMAT.extract(Context.root(), headers, READER)).getSpanContext();
    }

    /** Says which span a record comes from; nothing when the context has none. */
    public static void write(Context context, Headers headers) {
        FORMAT.inject(context, headers, TraceHeaders::replace);
    }

    private static void replace(@Nullable Headers headers, String name, String value) {
        if (headers != null) {
            headers.remove(name).add(name, value.getBytes(StandardCharsets.US_ASCII));
        }
    }
}
