package io.reflux.telemetry;

import io.opentelemetry.api.OpenTelemetry;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.reflux.wire.TraceHeaders;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Makes the spans of batches, and hands rounds the tracer for theirs. An image has none of its own, however many there
 * are: a batch has one for each trace that its records belong to, and a round is linked to the traces of its newest
 * images.
 */
@Singleton
public class Tracing {
    private static final String LIBRARY = "io.reflux";
    private final Tracer tracer;
    private final boolean on;

    /** @param disabled whether nothing is traced */
    @Inject
    Tracing(
            OpenTelemetry telemetry,
            @ConfigProperty(name = "quarkus.otel.sdk.disabled", defaultValue = "false") boolean disabled) {
        // with its exporters off, the telemetry of Quarkus still makes spans, and records would name them
        this.tracer = (disabled ? OpenTelemetry.noop() : telemetry).getTracer(LIBRARY);
        this.on = !disabled;
    }

    /** Traces nothing. */
    public static Tracing off() {
        return new Tracing(OpenTelemetry.noop(), true);
    }

    public boolean isOn() {
        return on;
    }

    /** Begins the spans of a batch of images. */
    public BatchSpans batch(Iterable<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records) {
        if (!on) {
            return BatchSpans.NONE;
        }
        BatchSpans spans = new BatchSpans(tracer);
        records.forEach(record -> spans.see(record.headers()));
        return spans;
    }

    /** Makes the spans of a round. */
    public Tracer tracer() {
        return tracer;
    }

    /** Says on a record that it comes from the span that the calling thread is in. */
    public static void mark(Headers headers) {
        TraceHeaders.write(Context.current(), headers);
    }
}
