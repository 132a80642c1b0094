package io.reflux.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ImageRecordTest {
    private static final Coordinates AT = new Coordinates("images", 2, 41, 1_000);
    private static final byte[] BYTES = {1, 2, 3};

    @Test
    void readsBackTheHeadersOfAProducer() throws Rejection {
        EventIdentity event = new EventIdentity("/camera/7", "Ä-41", Instant.parse("2026-01-31T12:00:00.123Z"));
        ImageHeaders headers = new ImageHeaders("line 1", "Straße", "application/octet-stream", "1,28,28", event);

        ImageRecord record = ImageRecord.parse(headers(headers.entries()), BYTES, AT);

        assertThat(record.headers()).isEqualTo(headers);
    }

    @Test
    void takesTheDefaultFeedAndTheRecordsTimeWithoutHeadersForThem() throws Rejection {
        ImageRecord record = ImageRecord.parse(text("label", "cat", "content-type", "image/png"), BYTES, AT);

        assertThat(record.feed()).isEqualTo("default");
        assertThat(record.headers().event()).isNull();
        assertThat(record.time(0)).isEqualTo(1_000);
    }

    @Test
    void takesTheEventsTimeButNotFromTheFuture() throws Rejection {
        Headers late = text(
                "label",
                "cat",
                "content-type",
                "image/png",
                "ce_source",
                "s",
                "ce_id",
                "1",
                "ce_time",
                "1970-01-01T00:00:09Z");

        ImageRecord record = ImageRecord.parse(late, BYTES, AT);

        assertThat(record.time(500)).isEqualTo(1_500);
        assertThat(record.time(60_000)).isEqualTo(9_000);
    }

    @Test
    void needsAllThreeEventHeadersForAnIdentity() throws Rejection {
        Headers partial = text("label", "cat", "content-type", "image/png", "ce_source", "s", "ce_id", "1");

        assertThat(ImageRecord.parse(partial, BYTES, AT).headers().event()).isNull();
    }

    @Test
    void rejectsNullAndEmptyValues() {
        Headers fine = text("label", "cat", "content-type", "image/png");

        assertThat(reason(fine, null)).isEqualTo(Rejection.Reason.VALUE_NULL);
        assertThat(reason(fine, new byte[0])).isEqualTo(Rejection.Reason.VALUE_EMPTY);
    }

    @Test
    void rejectsHeadersThatAreMissingOrMalformed() {
        assertThat(reason(text("content-type", "image/png"), BYTES)).isEqualTo(Rejection.Reason.LABEL_MISSING);
        assertThat(reason(text("label", "  ", "content-type", "image/png"), BYTES))
                .isEqualTo(Rejection.Reason.LABEL_INVALID);
        assertThat(reason(text("label", "x".repeat(201), "content-type", "image/png"), BYTES))
                .isEqualTo(Rejection.Reason.LABEL_INVALID);
        assertThat(reason(headers(Map.of("label", new byte[] {(byte) 0xff})), BYTES))
                .isEqualTo(Rejection.Reason.LABEL_INVALID);
        assertThat(reason(text("label", "cat"), BYTES)).isEqualTo(Rejection.Reason.CONTENT_TYPE_MISSING);
        assertThat(reason(text("label", "cat", "content-type", "image/png", "feed", ""), BYTES))
                .isEqualTo(Rejection.Reason.FEED_INVALID);
        Headers wrongTime = text(
                "label", "cat", "content-type", "image/png", "ce_source", "s", "ce_id", "1", "ce_time", "yesterday");
        assertThat(reason(wrongTime, BYTES)).isEqualTo(Rejection.Reason.IDENTITY_INVALID);
    }

    @Test
    void knowsTheFeedOfABrokenRecordWhereItCanBeRead() {
        assertThat(ImageHeaders.feedOf(text("feed", "line 1"))).isEqualTo("line 1");
        assertThat(ImageHeaders.feedOf(headers(Map.of("feed", new byte[] {(byte) 0xff}))))
                .isEqualTo("default");
    }

    private static Rejection.Reason reason(Headers headers, byte @Nullable [] value) {
        return catchThrowableOfType(Rejection.class, () -> ImageRecord.parse(headers, value, AT))
                .reason();
    }

    private static Headers text(String... namesAndValues) {
        RecordHeaders headers = new RecordHeaders();
        for (int i = 0; i < namesAndValues.length; i += 2) {
            headers.add(namesAndValues[i], namesAndValues[i + 1].getBytes(StandardCharsets.UTF_8));
        }
        return headers;
    }

    private static Headers headers(Map<String, byte[]> entries) {
        RecordHeaders headers = new RecordHeaders();
        entries.forEach(headers::add);
        return headers;
    }
}
