package io.reflux.rounds;

import io.reflux.distill.DistillationCancelledException;
import io.reflux.distill.DistillationFailedException;
import io.reflux.distill.DistillationResult;
import io.reflux.distill.DistillationSettings;
import io.reflux.distill.EvaluationReport;
import io.reflux.distill.InvalidSettingsException;
import io.reflux.distill.Progress;
import io.reflux.distill.RunMonitor;
import io.reflux.feeds.RoundTicket;
import io.reflux.kafka.Absence;
import io.reflux.reservoir.FeedSample;
import io.reflux.reservoir.SampleSnapshot;
import io.reflux.wire.Manifest;
import io.reflux.wire.RoundDetail;
import io.reflux.wire.RoundEvent;
import io.reflux.wire.RoundEvent.Type;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Supplier;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** One round from its beginning to its end, on the thread that calls it; another thread may stop it. */
final class RoundRun implements RunMonitor {
    private static final Logger LOG = Logger.getLogger(RoundRun.class);

    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final RoundTicket ticket;
    private final RoundBench bench;
    private final RoundSpans spans;
    private final StageClock stages;
    private final Pace pace;
    private Round.Running state;
    private @Nullable EvaluationReport report;
    private @Nullable SampleSnapshot begunWith;
    private @Nullable FeedSample source;
    private volatile @Nullable Stop stop;

    /** Why a round stops, and whether it goes on under its next owner. */
    private record Stop(String why, boolean resumes) {}

    RoundRun(RoundTicket ticket, RoundBench bench, RoundSpans spans) {
        this.spans = spans;
        this.ticket = ticket;
        this.bench = bench;
        this.stages = new StageClock();
        this.pace = new Pace();
        this.state = new Round.Requested(ticket).sample();
    }

    RoundTicket ticket() {
        return ticket;
    }

    /** Seconds spent a stage so far. */
    Map<String, Double> seconds() {
        return stages.seconds();
    }

    /** Ends the round at its next step; callable from any thread. */
    void stop(String why, boolean resumes) {
        stop = new Stop(why, resumes);
    }

    /**
     * Runs the round.
     *
     * @return the state it ended in: published, refused, cancelled or failed
     */
    Round run() {
        Optional<FeedSample> feed = bench.samples().apply(ticket.feed());
        long images = feed.map(FeedSample::seen).orElse(0L);
        bench.voice()
                .announce(
                        event(Type.STARTED, RoundDetail.started(ticket.trigger().text(), images)));
        enter(state);
        Round end = attempt(feed);
        stages.stop();
        bench.voice().announce(ending(end));
        return end;
    }

    @Override
    public void report(Progress progress) {
        if (state instanceof Round.Computing computing) {
            enter(computing.at(progress));
        }
    }

    @Override
    public boolean cancelled() {
        return stop != null || bench.voice().cancelRequested(ticket.feed(), ticket.id()) || hasSeenWhatIsForgotten();
    }

    private boolean hasSeenWhatIsForgotten() {
        SampleSnapshot snapshot = begunWith;
        FeedSample sample = source;
        return snapshot != null && sample != null && !sample.lineage().equals(snapshot.lineage());
    }

    private Round attempt(Optional<FeedSample> feed) {
        try {
            return distil(feed);
        } catch (DistillationCancelledException e) {
            Stop reason = stop;
            if (reason == null && hasSeenWhatIsForgotten()) {
                return state.cancel("it began with images that the feed has been told to forget", true);
            }
            return reason == null
                    ? state.cancel("somebody asked to stop it", false)
                    : state.cancel(reason.why(), reason.resumes());
        } catch (DistillationFailedException | GenerationException | PublicationException | IOException e) {
            LOG.warnf("round %s of feed %s failed: %s", ticket.id(), ticket.feed(), e.getMessage());
            return state.fail(String.valueOf(e.getMessage()));
        } catch (RuntimeException | LinkageError | OutOfMemoryError e) {
            // Whatever breaks in a round, the next one gets its chance.
            LOG.errorf(e, "round %s of feed %s failed", ticket.id(), ticket.feed());
            return state.fail("unexpectedly: " + e);
        }
    }

    private Round distil(Optional<FeedSample> feed) throws IOException {
        Round.Sampling sampling = new Round.Requested(ticket).sample();
        Optional<SampleSnapshot> found = feed.flatMap(FeedSample::snapshot);
        if (feed.isEmpty() && !bench.voice().owns(ticket.feed())) {
            return sampling.cancel("its feed has gone to another process", true);
        }
        if (feed.isEmpty() || found.isEmpty()) {
            return sampling.refuse("feed '" + ticket.feed() + "' has no image to learn from yet");
        }
        SampleSnapshot snapshot = found.get();
        source = feed.get();
        begunWith = snapshot;
        DistillationSettings settings = bench.settings().apply(ticket.feed());
        bench.voice()
                .announce(event(
                        Type.PROGRESS,
                        RoundDetail.sampled(sampling.stage(), Origins.of(snapshot, settings, bench.version()))));
        Optional<String> objection = objection(snapshot, settings);
        if (objection.isPresent()) {
            return sampling.refuse(objection.get());
        }
        // A set of another lineage may have seen what is forgotten: the round neither goes on from it nor is measured
        // by it.
        Optional<Generation> last = patiently(() -> bench.generations().current(ticket.feed()))
                .filter(current -> current.manifest().descent().equals(snapshot.lineage()));
        enter(sampling.train());
        DistillationResult result;
        try {
            result = bench.engine()
                    .run(
                            settings,
                            bench.caches().of(ticket.feed(), snapshot.lineage()),
                            snapshot.sample(),
                            snapshot.heldOut(),
                            last.map(Generation::set).orElse(null),
                            this);
        } catch (InvalidSettingsException e) {
            return sampling.refuse(String.valueOf(e.getMessage()));
        }
        return judge(
                feed.get(),
                new Distillate(ticket, snapshot, settings, result, bench.version()),
                last.map(Generation::manifest));
    }

    private static Optional<String> objection(SampleSnapshot snapshot, DistillationSettings settings) {
        if (snapshot.classes().size() < 2) {
            return Optional.of("the sample has only the class " + snapshot.classes() + "; a round needs two");
        }
        if (snapshot.heldOut().size() == 0) {
            return Optional.of("no image is held out to judge a set by yet; wait for more images or raise"
                    + " reflux.sample.hold-out");
        }
        for (int k = 0; k < snapshot.classes().size(); k++) {
            int kept = snapshot.sample().indicesOf(k).length;
            if (kept < settings.imagesPerClass()) {
                return Optional.of("class '" + snapshot.classes().get(k) + "' has " + kept
                        + " images in the sample, reflux.distillation.images-per-class is "
                        + settings.imagesPerClass() + "; wait for more images or lower it");
            }
        }
        return Optional.empty();
    }

    private Round judge(FeedSample feed, Distillate distillate, Optional<Manifest> last) {
        report = distillate.result().report();
        Round.Evaluating evaluating = new Round.Evaluating(ticket, state.measure());
        Optional<String> objection = bench.acceptance()
                .objection(distillate.result().report(), distillate.snapshot().classes(), last.orElse(null));
        if (objection.isPresent()) {
            return evaluating.refuse(objection.get());
        }
        if (cancelled()) {
            throw new DistillationCancelledException("stopped before its publication");
        }
        Round.Publishing publishing = evaluating.publish(distillate.result());
        enter(publishing);
        PublishResult outcome =
                spans.within(() -> patiently(() -> bench.publisher().alone(() -> publish(distillate))));
        if (outcome instanceof PublishResult.Committed committed) {
            feed.settle(
                    distillate.result().set().normalisation(),
                    distillate.snapshot().lineage());
            return publishing.committed(committed.manifest());
        }
        return publishing.cancel(((PublishResult.Fenced) outcome).why(), true);
    }

    /** What this round has published already, should it have been committed unheard, is not published twice. */
    private PublishResult publish(Distillate distillate) {
        Standing standing = bench.generations().standing(ticket.feed());
        Optional<Manifest> done = standing.live().stream()
                .filter(manifest -> manifest.round().equals(ticket.id()))
                .findFirst();
        return done.isPresent()
                ? new PublishResult.Committed(done.get())
                : bench.publisher().publish(distillate.publication(bench.clock().instant(), standing, bench.keep()));
    }

    /** Waits for a broker that is away, so that hours of computing are not thrown away with it. */
    private <T> T patiently(Supplier<T> call) {
        while (true) {
            try {
                return call.get();
            } catch (GenerationException | PublicationException e) {
                if (!Absence.isCauseOf(e)) {
                    throw e;
                }
                LOG.warnf("round %s of feed %s waits for the broker: %s", ticket.id(), ticket.feed(), e.getMessage());
                LockSupport.parkNanos(PAUSE.toNanos());
                if (cancelled()) {
                    throw new DistillationCancelledException("stopped while the broker was away");
                }
            }
        }
    }

    private void enter(Round.Running next) {
        boolean fresh = !next.stage().equals(state.stage());
        state = next;
        if (stages.enter(next.stage())) {
            spans.enter(next.stage());
        }
        Round.Measure measure = next.measure();
        if (pace.allows(fresh || measure.total() > 0 && measure.done() == measure.total())) {
            bench.voice()
                    .mention(event(
                            Type.PROGRESS,
                            RoundDetail.progress(next.stage(), measure.done(), measure.total(), measure.loss())));
        }
    }

    private RoundEvent ending(Round end) {
        if (end instanceof Round.Published published) {
            Manifest manifest = published.manifest();
            return event(
                    Type.FINISHED, RoundDetail.finished(manifest.generation(), manifest.accuracy(), stages.seconds()));
        } else if (end instanceof Round.Refused refused) {
            return event(Type.REFUSED, RoundDetail.refused(refused.why(), report, stages.seconds()));
        } else if (end instanceof Round.Cancelled cancelled) {
            return event(Type.CANCELLED, RoundDetail.cancelled(cancelled.why(), cancelled.resumes(), stages.seconds()));
        } else if (end instanceof Round.Failed failed) {
            return event(Type.FAILED, RoundDetail.failed(failed.why(), stages.seconds()));
        }
        throw new IllegalStateException("a round does not end as " + end);
    }

    private RoundEvent event(Type type, RoundDetail detail) {
        return RoundEvent.of(type, ticket.feed(), ticket.id(), bench.clock().instant(), detail);
    }
}
