package io.reflux.intake;

import static org.assertj.core.api.Assertions.assertThat;

import io.reflux.config.Configurations;
import io.reflux.config.FeedSettings;
import io.reflux.config.RefluxConfig;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.KeptImage;
import io.reflux.wire.ProgressRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.ReservoirRecord;
import io.reflux.wire.ResetRecord;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class IntakeTest {
    private static final RefluxConfig CONFIG = Configurations.of(Map.of(
            "reflux.sample.per-class", "10",
            "reflux.sample.half-life", "PT1H",
            "reflux.limits.feeds", "2",
            "reflux.limits.pixels", "100000",
            "reflux.feeds.digits.classes", "0,1",
            "reflux.feeds.blocked.allowed", "false"));

    @Test
    void keepsAllThatIsInTheBottomOfTheStream() throws Exception {
        List<ProducerRecord<String, byte[]>> images = Images.many("images", "a", 500);

        Harvest harvest = intake().take(received(images, 0));

        Set<String> expected = Samples.bottom(images, FeedSettings.of(CONFIG, "a"));
        assertThat(keys(harvest)).containsAll(expected);
        assertThat(harvest.kept()).hasSizeLessThan(400);
        assertThat(progress(harvest, "a").images()).isEqualTo(500);
        assertThat(progress(harvest, "a").bytes()).isEqualTo(500L * Images.SIZE);
    }

    @Test
    void goesOnExactlyWhereAnotherStopped() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
                received(Images.many("images", "a", 300), 0);
        Harvest whole = intake().take(records);
        Harvest first = intake().take(records.subList(0, 170));
        Intake second = intake();
        restored(first).forEach(second::restore);

        Harvest rest = second.take(records.subList(40, 300));

        assertThat(progress(rest, "a")).isEqualTo(progress(whole, "a"));
        assertThat(rest.results().values().stream().mapToInt(Integer::intValue).sum())
                .isEqualTo(130);
        Set<String> together = keys(first);
        together.addAll(keys(rest));
        assertThat(together).isEqualTo(keys(whole));
    }

    @Test
    void repeatsNothingWhenOnlyOneFeedsProgressWasWritten() {
        List<ProducerRecord<String, byte[]>> mixed = new ArrayList<>(Images.many("images", "a", 20));
        mixed.addAll(Images.many("images", "b", 20));
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records = received(mixed, 0);
        Harvest crashed = intake().take(records);
        Intake second = intake();
        second.restore(progress(crashed, "a"));

        Harvest again = second.take(records);

        assertThat(again.progress()).containsExactly(progress(crashed, "b"));
    }

    @Test
    void changesNothingWhenTheBatchComesAgain() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
                received(Images.many("images", "a", 50), 0);
        Intake intake = intake();
        intake.take(records);

        Harvest again = intake.take(records);

        assertThat(again.kept()).isEmpty();
        assertThat(again.progress()).isEmpty();
        assertThat(again.results()).isEmpty();
    }

    @Test
    void rejectsWhatTheFeedDoesNotTake() {
        assertThat(reason(Images.one("images", "digits", 1))).isEqualTo("class-not-declared");
        assertThat(reason(Images.one("images", "blocked", 1))).isEqualTo("feed-not-allowed");
        BadImages.byReason("images", "a").forEach((reason, record) -> {
            if (!reason.equals("shape-mismatch")) {
                assertThat(reason(record)).isEqualTo(reason);
            }
        });
    }

    @Test
    void countsUnderNoMoreNamesThanTwiceTheFeedsAllowedHoweverManyAreDeleted() {
        Intake intake = intake();
        Set<String> names = new TreeSet<>();
        for (int i = 0; i < 20; i++) {
            String feed = "feed-" + i;
            Harvest harvest = intake.take(received(Images.many("images", feed, 1), i));
            assertThat(harvest.deadLetters()).isEmpty();
            harvest.results().keySet().forEach(result -> names.add(result.feed()));
            intake.restore(new ResetRecord(
                    new ReservoirKey.OfReset(feed), "deleted-" + i, Instant.EPOCH, true, Map.of(0, i + 1L)));
        }

        assertThat(names).containsExactly("default", "feed-0", "feed-1", "feed-2", "feed-3");
    }

    @Test
    void takesNoMoreFeedsThanAllowed() {
        Intake intake = intake();
        intake.take(received(Images.many("images", "a", 1), 0));
        intake.take(received(Images.many("images", "b", 1), 1));

        Harvest third = intake.take(received(Images.many("images", "c", 1), 2));

        assertThat(third.deadLetters()).singleElement().satisfies(letter -> assertThat(
                        letter.rejection().reason().text())
                .isEqualTo("feed-limit"));
    }

    @Test
    void takesThePlaceInTheTopicAsIdentityWithoutAnEvent() {
        ImageHeaders headers = new ImageHeaders("a", "cat", "application/octet-stream", Images.SHAPE, null);

        Harvest harvest = intake().take(received(List.of(Images.record("images", headers, new byte[Images.SIZE])), 7));

        assertThat(harvest.kept()).singleElement().satisfies(image -> {
            assertThat(image.identity().text()).isEqualTo("o/topic-id/0/7");
            assertThat(image.timestamp()).isEqualTo(1_007);
        });
    }

    @Test
    void passesOverWhatIsErasedHoweverItComes() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
                received(Images.many("images", "a", 30), 0);
        KeptImage kept = intake().take(records).kept().get(4);
        Intake intake = intake();
        intake.restore(new ErasureRecord(ReservoirKey.OfErasure.of("a", kept.identity()), Instant.EPOCH, null));

        Harvest harvest = intake.take(records);

        assertThat(keys(harvest)).isNotEmpty().doesNotContain(kept.key().key().text());
        assertThat(harvest.results()).containsEntry(new Harvest.Result("a", "erased"), 1);
        assertThat(progress(harvest, "a").images()).isEqualTo(30);
    }

    @Test
    void passesOverEveryImageOfAnErasedDevice() {
        Intake intake = intake();
        ReservoirKey.OfErasure camera = ReservoirKey.OfErasure.of("a", Device.of("device"));
        intake.restore(new ErasureRecord(camera, Instant.EPOCH, null));
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
                received(Images.many("images", "a", 40), 0);

        Harvest erased = intake.take(records.subList(0, 20));
        intake.lift(camera);
        Harvest lifted = intake.take(records.subList(20, 40));

        assertThat(erased.kept()).isEmpty();
        assertThat(erased.results()).containsEntry(new Harvest.Result("a", "erased"), 20);
        assertThat(lifted.kept()).isNotEmpty().allSatisfy(image -> assertThat(image.device())
                .isEqualTo(Device.of("device")));
    }

    @Test
    void fillsThePlacesOfWhatIsErased() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
                received(Images.many("images", "a", 600), 0);
        Intake intake = intake();
        Harvest first = intake.take(records.subList(0, 500));
        first.kept()
                .forEach(image -> intake.restore(
                        new ErasureRecord(ReservoirKey.OfErasure.of("a", image.identity()), Instant.EPOCH, null)));

        Harvest second = intake.take(records.subList(500, 600));

        Set<String> fresh = keys(second);
        assertThat(fresh).isEqualTo(keys(intake().take(records.subList(500, 600))));
    }

    @Test
    void countsFromZeroOnceTheFeedIsReset() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
                received(Images.many("images", "a", 100), 0);
        Intake intake = intake();
        Harvest before = intake.take(records.subList(0, 40));
        ResetRecord reset =
                new ResetRecord(new ReservoirKey.OfReset("a"), "second", Instant.EPOCH, false, Map.of(0, 60L));
        intake.restore(reset);

        Harvest after = intake.take(records.subList(40, 100));

        ProgressRecord counted = progress(after, "a");
        assertThat(counted.images()).isEqualTo(40);
        assertThat(counted.offset()).isEqualTo(100);
        assertThat(counted.incarnation()).isEqualTo("second");
        assertThat(after.kept()).isNotEmpty().allSatisfy(image -> assertThat(image.incarnation())
                .isEqualTo("second"));
        Intake next = intake();
        restored(before).forEach(next::restore);
        next.restore(reset);
        assertThat(next.take(records.subList(40, 100)).progress()).containsExactly(counted);
    }

    @Test
    void takesOnlyTheOffsetFromCountsOfAnEarlierIncarnation() {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> records =
                received(Images.many("images", "a", 100), 0);
        Harvest unaware = intake().take(records.subList(0, 70));
        Intake intake = intake();
        intake.restore(new ResetRecord(new ReservoirKey.OfReset("a"), "second", Instant.EPOCH, false, Map.of(0, 60L)));
        restored(unaware).forEach(intake::restore);

        Harvest after = intake.take(records);

        assertThat(progress(after, "a").images()).isEqualTo(30);
        assertThat(keys(after)).isEqualTo(keys(intake().take(records.subList(70, 100))));
    }

    @Test
    void tellsImagesOfAClassTooManyFromOthersThatAreNotKept() {
        RefluxConfig narrow = Configurations.of(Map.of("reflux.limits.classes", "2", "reflux.sample.per-class", "5"));
        Intake intake = new Intake(
                new ImageJudge(100_000, "topic-id"), new Unpacking(1), feed -> FeedSettings.of(narrow, feed), 2, 0);

        Harvest harvest = intake.take(received(Images.many("images", "a", 600), 0));

        Map<Harvest.Result, Integer> results = harvest.results();
        assertThat(results.get(new Harvest.Result("a", "class-limit"))).isPositive();
        assertThat(results.values().stream().mapToInt(Integer::intValue).sum()).isEqualTo(600);
        assertThat(harvest.deadLetters()).isEmpty();
        assertThat(progress(harvest, "a").images()).isEqualTo(600);
    }

    private static Intake intake() {
        return new Intake(
                new ImageJudge(100_000, "topic-id"), new Unpacking(1), feed -> FeedSettings.of(CONFIG, feed), 2, 0);
    }

    private static String reason(ProducerRecord<String, byte[]> record) {
        Harvest harvest = intake().take(received(List.of(record), 0));
        return harvest.deadLetters().get(0).rejection().reason().text();
    }

    private static List<ReservoirRecord> restored(Harvest harvest) {
        List<ReservoirRecord> records = new ArrayList<>(harvest.kept());
        records.addAll(harvest.progress());
        return records;
    }

    private static ProgressRecord progress(Harvest harvest, String feed) {
        return harvest.progress().stream()
                .filter(progress -> progress.key().feed().equals(feed))
                .findFirst()
                .orElseThrow();
    }

    private static Set<String> keys(Harvest harvest) {
        return harvest.kept().stream()
                .map(KeptImage::key)
                .map(key -> key.key().text())
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> received(
            List<ProducerRecord<String, byte[]>> sent, long firstOffset) {
        List<ConsumerRecord<byte @Nullable [], byte @Nullable []>> received = new ArrayList<>();
        for (ProducerRecord<String, byte[]> record : sent) {
            long offset = firstOffset + received.size();
            long timestamp = record.headers().lastHeader("ce_id") == null ? 1_000 + offset : Long.MAX_VALUE / 2;
            received.add(new ConsumerRecord<>(
                    "images",
                    0,
                    offset,
                    timestamp,
                    TimestampType.CREATE_TIME,
                    -1,
                    -1,
                    record.key() == null ? null : record.key().getBytes(StandardCharsets.UTF_8),
                    record.value(),
                    new RecordHeaders(record.headers().toArray()),
                    Optional.empty()));
        }
        return received;
    }
}
