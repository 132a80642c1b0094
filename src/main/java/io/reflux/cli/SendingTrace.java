package io.reflux.cli;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import io.opentelemetry.exporter.otlp.http.trace.OtlpHttpSpanExporter;
import io.opentelemetry.sdk.common.CompletableResultCode;
import io.opentelemetry.sdk.resources.Resource;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.export.SpanExporter;
import io.reflux.console.CommandException;
import io.reflux.console.Terminal;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/** The one span of a command that sends images: each image says that it comes from there. */
final class SendingTrace implements AutoCloseable {
    private static final String PATH = "/v1/traces";
    private static final Set<String> SCHEMES = Set.of("http", "https");
    private static final long PATIENCE_SECONDS = 10;
    private static final AttributeKey<String> SERVICE = AttributeKey.stringKey("service.name");
    private static final AttributeKey<String> FEED = AttributeKey.stringKey("reflux.feed");
    private static final AttributeKey<Long> IMAGES = AttributeKey.longKey("messaging.batch.message_count");
    private final String address;
    private final SpanExporter exporter;
    private final SdkTracerProvider provider;
    private final Span span;
    private final Terminal terminal;

    /**
     * Begins the span.
     *
     * @param address of a collector of traces that speaks OTLP over HTTP, {@code http://host:4318}
     */
    SendingTrace(String address, String feed, Terminal terminal) {
        this.address = address;
        this.terminal = terminal;
        this.exporter =
                OtlpHttpSpanExporter.builder().setEndpoint(endpoint(address)).build();
        this.provider = SdkTracerProvider.builder()
                .setResource(Resource.create(Attributes.of(SERVICE, "reflux-produce")))
                .build();
        this.span = provider.get("io.reflux")
                .spanBuilder("images send")
                .setSpanKind(SpanKind.PRODUCER)
                .setNoParent()
                .setAttribute(FEED, feed)
                .startSpan();
    }

    /** @throws CommandException when it is none */
    static void requireAddress(String address) {
        endpoint(address);
    }

    /** What the images are sent in. */
    Context context() {
        return Context.root().with(span);
    }

    void sent(long images) {
        span.setAttribute(IMAGES, images);
    }

    /** Ends the span and exports it; the images are sent whether somebody takes it or not. */
    @Override
    public void close() {
        span.end();
        CompletableResultCode taken = exporter.export(List.of(((ReadableSpan) span).toSpanData()));
        if (!taken.join(PATIENCE_SECONDS, TimeUnit.SECONDS).isSuccess()) {
            terminal.note("the trace was not taken by " + address + "; the images are sent nevertheless");
        }
        exporter.close();
        provider.close();
    }

    private static String endpoint(String address) {
        try {
            URI uri = URI.create(address);
            String path = uri.getPath();
            if (SCHEMES.contains(String.valueOf(uri.getScheme())) && uri.getHost() != null) {
                return path == null || path.isEmpty() || path.equals("/")
                        ? uri.resolve(PATH).toString()
                        : address;
            }
        } catch (IllegalArgumentException e) {
            throw notAnAddress(address);
        }
        throw notAnAddress(address);
    }

    private static CommandException notAnAddress(String address) {
        return CommandException.usage("--trace is '" + address + "', must be an address such as http://127.0.0.1:4318");
    }
}
