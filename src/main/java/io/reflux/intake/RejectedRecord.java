package io.reflux.intake;

import io.reflux.wire.DeadLetter;
import io.reflux.wire.Rejection;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.jspecify.annotations.Nullable;

/** A record that goes to the dead letters, and why. */
record RejectedRecord(ConsumerRecord<byte @Nullable [], byte @Nullable []> record, Rejection rejection) {
    /** The record's own headers and those of a dead letter. */
    Headers headers() {
        RecordHeaders headers = new RecordHeaders(record.headers().toArray());
        add(headers, DeadLetter.REASON, rejection.reason().text());
        add(headers, DeadLetter.TOPIC, record.topic());
        add(headers, DeadLetter.PARTITION, Integer.toString(record.partition()));
        add(headers, DeadLetter.OFFSET, Long.toString(record.offset()));
        add(headers, DeadLetter.DETAIL, rejection.detail());
        return headers;
    }

    /** Those of a dead letter that has to go without the record's value. */
    Headers headersWithoutValue() {
        Headers headers = headers();
        byte[] value = record.value();
        add(headers, DeadLetter.OMITTED, Integer.toString(value == null ? 0 : value.length));
        return headers;
    }

    private static void add(Headers headers, String name, String value) {
        headers.add(name, value.getBytes(StandardCharsets.UTF_8));
    }
}
