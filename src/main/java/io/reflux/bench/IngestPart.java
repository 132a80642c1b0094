package io.reflux.bench;

/** What of ingestion is measured. */
enum IngestPart {
    /** The plain consumer and the service. */
    ALL,
    /** Decoding alone, without Kafka. */
    DECODE,
    /** The plain consumer alone, in this process. */
    CONSUMER
}
