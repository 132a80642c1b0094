package io.reflux.rounds;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import io.opentelemetry.context.Scope;
import io.reflux.feeds.RoundTicket;
import io.reflux.wire.Manifest;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;

/** The spans of one round: its own, below that of whoever asked for it, and one for each of its stages. For one thread. */
final class RoundSpans {
    private static final AttributeKey<String> FEED = AttributeKey.stringKey("reflux.feed");
    private static final AttributeKey<String> ROUND = AttributeKey.stringKey("reflux.round");
    private static final AttributeKey<String> TRIGGER = AttributeKey.stringKey("reflux.trigger");
    private static final AttributeKey<String> OUTCOME = AttributeKey.stringKey("reflux.outcome");
    private static final AttributeKey<Long> GENERATION = AttributeKey.longKey("reflux.generation");
    private static final AttributeKey<Double> ACCURACY = AttributeKey.doubleKey("reflux.accuracy");
    private final Tracer tracer;
    private final Span round;
    private Span stage = Span.getInvalid();

    /**
     * Begins the span of a round.
     *
     * @param origin span of whoever asked for it; an invalid one when nobody did
     * @param images spans that images of the sample come from
     */
    RoundSpans(Tracer tracer, RoundTicket ticket, SpanContext origin, List<SpanContext> images) {
        this.tracer = tracer;
        SpanBuilder builder = tracer.spanBuilder("round")
                .setSpanKind(SpanKind.CONSUMER)
                .setParent(Context.root().with(Span.wrap(origin)))
                .setAttribute(FEED, ticket.feed())
                .setAttribute(ROUND, ticket.id())
                .setAttribute(TRIGGER, ticket.trigger().text());
        images.forEach(builder::addLink);
        this.round = builder.startSpan();
    }

    /** Does what belongs to the round. */
    void around(Runnable work) {
        try (Scope scope = round.makeCurrent()) {
            work.run();
        }
    }

    /** Begins a stage, and ends the one before. */
    void enter(String name) {
        stage.end();
        stage = tracer.spanBuilder(name).setParent(Context.root().with(round)).startSpan();
    }

    /** Does a part of the stage, whose records say that they come from it. */
    <T> T within(Supplier<T> part) {
        try (Scope scope = stage.makeCurrent()) {
            return part.get();
        }
    }

    void end(Round end) {
        stage.end();
        round.setAttribute(OUTCOME, end.getClass().getSimpleName().toLowerCase(Locale.ROOT));
        if (end instanceof Round.Published published) {
            Manifest manifest = published.manifest();
            round.setAttribute(GENERATION, manifest.generation());
            round.setAttribute(ACCURACY, manifest.accuracy().distilled().mean());
        } else if (end instanceof Round.Failed failed) {
            round.setStatus(StatusCode.ERROR, failed.why());
        }
        round.end();
    }
}
