package io.reflux.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import io.opentelemetry.context.Context;
import io.reflux.wire.TraceHeaders;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/**
 * The spans of one batch of images: one for each sampled span that its records come from, of the first sixteen. From the
 * decision about the batch to the acknowledgement of all it led to.
 */
public final class BatchSpans {
    /** Of a batch that nobody traces. */
    static final BatchSpans NONE = new BatchSpans(TracerProvider.noop().get(""));

    private static final int MOST = 16;
    private static final AttributeKey<Long> RECORDS = AttributeKey.longKey("messaging.batch.message_count");
    private final Tracer tracer;
    private final Map<ByteBuffer, Part> parts = new HashMap<>();

    /** What of a batch comes from one span. */
    private static final class Part {
        private final Span span;
        private long records;

        private Part(Span span) {
            this.span = span;
        }
    }

    BatchSpans(Tracer tracer) {
        this.tracer = tracer;
    }

    /** Counts a record, and begins the span of those that come from where it comes from. */
    void see(Headers headers) {
        Header header = headers.lastHeader(TraceHeaders.PARENT);
        if (header == null || header.value() == null) {
            return;
        }
        ByteBuffer origin = ByteBuffer.wrap(header.value());
        Part part = parts.get(origin);
        if (part == null && parts.size() < MOST) {
            part = begin(TraceHeaders.read(headers));
            if (part != null) {
                parts.put(origin, part);
            }
        }
        if (part != null) {
            part.records++;
        }
    }

    /** The headers of a record that an image led to, which say where it comes from; empty when that is not traced. */
    public Headers headersOf(Headers image) {
        RecordHeaders headers = new RecordHeaders();
        Header header = parts.isEmpty() ? null : image.lastHeader(TraceHeaders.PARENT);
        if (header != null && header.value() != null) {
            Part part = parts.get(ByteBuffer.wrap(header.value()));
            if (part != null) {
                TraceHeaders.write(Context.root().with(part.span), headers);
            }
        }
        return headers;
    }

    /** The batch has failed. */
    public void end(Throwable problem) {
        parts.values().forEach(part -> part.span.setStatus(StatusCode.ERROR, String.valueOf(problem.getMessage())));
        end();
    }

    /** All that the batch led to is acknowledged. */
    public void end() {
        parts.values()
                .forEach(part -> part.span.setAttribute(RECORDS, part.records).end());
    }

    private @Nullable Part begin(SpanContext origin) {
        return !origin.isSampled()
                ? null
                : new Part(tracer.spanBuilder("images collect")
                        .setSpanKind(SpanKind.CONSUMER)
                        .setParent(Context.root().with(Span.wrap(origin)))
                        .startSpan());
    }
}
