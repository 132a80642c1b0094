package io.reflux.intake;

import io.reflux.wire.DeadLetter;
import io.reflux.wire.ImageHeaders;
import io.reflux.wire.Sha256;
import io.reflux.wire.TopicNames;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters to the images topic again, as they came. A replay has a name, which is its consumer group and its
 * transactional id: each batch of records and the offsets it has reached are committed in one transaction, so that every
 * dead letter is sent once, however often the replay is interrupted and started again; a second one of the same name
 * fences the first. What readers see of an interrupted one depends on their reading committed records only, as the
 * Collector does.
 */
public final class DeadLetterReplay {
    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final int BATCH = 500;
    private static final int LARGEST_REQUEST = 2_097_152;
    private static final Set<String> MARKS =
            Set.of(DeadLetter.REASON, DeadLetter.TOPIC, DeadLetter.PARTITION, DeadLetter.OFFSET, DeadLetter.DETAIL);

    private final Map<String, Object> client;
    private final TopicNames topics;
    private final Choice choice;
    private final String name;

    /**
     * Which dead letters are meant.
     *
     * @param feed of the record; null for all
     * @param reasons of the rejection; empty for all
     * @param since dead-lettered at this time or later; null for all
     * @param until dead-lettered before this time; null for all
     */
    public record Choice(
            @Nullable String feed,
            Set<String> reasons,
            @Nullable Instant since,
            @Nullable Instant until) {
        public Choice {
            reasons = Set.copyOf(reasons);
        }

        boolean takes(ConsumerRecord<byte @Nullable [], byte @Nullable []> letter) {
            return letter.headers().lastHeader(DeadLetter.OMITTED) == null
                    && (feed == null || feed.equals(ImageHeaders.feedOf(letter.headers())))
                    && (reasons.isEmpty() || reasons.contains(reasonOf(letter)))
                    && (since == null || letter.timestamp() >= since.toEpochMilli())
                    && (until == null || letter.timestamp() < until.toEpochMilli());
        }

        /** A name that is the same for the same choice. */
        String name() {
            String all = feed + "|" + new TreeSet<>(reasons) + "|" + since + "|" + until;
            return Sha256.hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, 16);
        }
    }

    /**
     * What a replay has sent, or would send.
     *
     * @param letters by feed and reason
     */
    public record Outcome(SortedMap<String, SortedMap<String, Long>> letters) {
        /** All of them. */
        public long total() {
            return letters.values().stream()
                    .flatMap(reasons -> reasons.values().stream())
                    .mapToLong(Long::longValue)
                    .sum();
        }

        private void count(ConsumerRecord<byte @Nullable [], byte @Nullable []> letter) {
            letters.computeIfAbsent(ImageHeaders.feedOf(letter.headers()), unseen -> new TreeMap<>())
                    .merge(reasonOf(letter), 1L, Long::sum);
        }
    }

    /** Hears how far a replay is. */
    public interface Listener {
        /** How many will be sent; told before the first. */
        default void meant(long letters) {}

        /** How many have been sent so far. */
        void sent(long letters);
    }

    /**
     * @param client properties of the clients, with {@code bootstrap.servers}
     * @param name of the replay; null for one that follows from the choice
     */
    public DeadLetterReplay(Map<String, Object> client, TopicNames topics, Choice choice, @Nullable String name) {
        this.client = Map.copyOf(client);
        this.topics = topics;
        this.choice = choice;
        this.name = topics.prefix() + "reflux-replay-" + (name == null ? choice.name() : name);
    }

    /** The consumer group and transactional id. */
    public String name() {
        return name;
    }

    /**
     * Sends what was dead-lettered until now and has not been sent by a replay of this name.
     *
     * @throws KafkaException when the broker does not take it, or a replay of the same name began meanwhile; what is
     *     committed stays, and the next run goes on there
     */
    public Outcome run(Listener listener) {
        Outcome outcome = new Outcome(new TreeMap<>());
        try (Producer<byte @Nullable [], byte @Nullable []> producer = producer();
                Consumer<byte @Nullable [], byte @Nullable []> consumer = consumer("read_committed")) {
            // Ends what an interrupted run of this name has left open: until then its offsets are not to be had.
            producer.initTransactions();
            listener.meant(preview().total());
            Map<TopicPartition, Long> ends = begin(consumer);
            while (isBehind(consumer, ends)) {
                ConsumerRecords<byte @Nullable [], byte @Nullable []> letters = consumer.poll(POLL);
                if (!letters.isEmpty()) {
                    send(producer, consumer, letters, ends, outcome);
                    listener.sent(outcome.total());
                }
            }
        }
        return outcome;
    }

    /** Counts what {@link #run} would send now. */
    public Outcome preview() {
        Outcome outcome = new Outcome(new TreeMap<>());
        try (Consumer<byte @Nullable [], byte @Nullable []> consumer = consumer("read_uncommitted")) {
            Map<TopicPartition, Long> ends = begin(consumer);
            while (isBehind(consumer, ends)) {
                for (ConsumerRecord<byte @Nullable [], byte @Nullable []> letter : consumer.poll(POLL)) {
                    if (isMeant(letter, ends)) {
                        outcome.count(letter);
                    }
                }
            }
        }
        return outcome;
    }

    // Failed sends surface in commitTransaction.
    @SuppressWarnings("FutureReturnValueIgnored")
    private void send(
            Producer<byte @Nullable [], byte @Nullable []> producer,
            Consumer<byte @Nullable [], byte @Nullable []> consumer,
            ConsumerRecords<byte @Nullable [], byte @Nullable []> letters,
            Map<TopicPartition, Long> ends,
            Outcome outcome) {
        Map<TopicPartition, OffsetAndMetadata> reached = new HashMap<>();
        producer.beginTransaction();
        for (ConsumerRecord<byte @Nullable [], byte @Nullable []> letter : letters) {
            if (isMeant(letter, ends)) {
                producer.send(original(letter));
                outcome.count(letter);
            }
        }
        for (TopicPartition partition : letters.partitions()) {
            long next = Math.min(consumer.position(partition), ends.getOrDefault(partition, Long.MAX_VALUE));
            reached.put(partition, new OffsetAndMetadata(next));
        }
        producer.sendOffsetsToTransaction(reached, consumer.groupMetadata());
        producer.commitTransaction();
    }

    /** What came after the start is for the next run, or one that is dead-lettered again would be sent for ever. */
    private boolean isMeant(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> letter, Map<TopicPartition, Long> ends) {
        long end = ends.getOrDefault(new TopicPartition(letter.topic(), letter.partition()), 0L);
        return letter.offset() < end && choice.takes(letter);
    }

    private ProducerRecord<byte @Nullable [], byte @Nullable []> original(
            ConsumerRecord<byte @Nullable [], byte @Nullable []> letter) {
        ProducerRecord<byte @Nullable [], byte @Nullable []> record =
                new ProducerRecord<>(topics.images(), letter.key(), letter.value());
        for (Header header : letter.headers()) {
            if (!MARKS.contains(header.key())) {
                record.headers().add(header);
            }
        }
        return record;
    }

    private static boolean isBehind(
            Consumer<byte @Nullable [], byte @Nullable []> consumer, Map<TopicPartition, Long> ends) {
        return ends.entrySet().stream().anyMatch(end -> consumer.position(end.getKey()) < end.getValue());
    }

    /** Goes to where the last run of this name stopped; the ends are those of now. */
    private Map<TopicPartition, Long> begin(Consumer<byte @Nullable [], byte @Nullable []> consumer) {
        List<TopicPartition> partitions = consumer.partitionsFor(topics.deadLetters(), PATIENCE).stream()
                .map(info -> new TopicPartition(topics.deadLetters(), info.partition()))
                .toList();
        consumer.assign(partitions);
        return consumer.endOffsets(partitions, PATIENCE);
    }

    private Consumer<byte @Nullable [], byte @Nullable []> consumer(String isolation) {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        properties.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        properties.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        properties.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, isolation);
        properties.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        properties.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, BATCH);
        return new KafkaConsumer<>(properties, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    private Producer<byte @Nullable [], byte @Nullable []> producer() {
        Map<String, Object> properties = new HashMap<>(client);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, (int) PATIENCE.toMillis());
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, LARGEST_REQUEST);
        return new KafkaProducer<>(properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static String reasonOf(ConsumerRecord<?, ?> letter) {
        Header reason = letter.headers().lastHeader(DeadLetter.REASON);
        return reason == null || reason.value() == null
                ? "unknown"
                : new String(reason.value(), StandardCharsets.UTF_8);
    }
}
