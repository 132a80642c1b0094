package io.reflux.bench;

import io.reflux.console.Table;

/** What a measurement of ingestion yields, of the service and of the raw consumer. */
enum IngestFigure {
    IMAGES("images-per-second", "images/s", 0),
    MEGABYTES("megabytes-per-second", "MB/s of images", 1),
    PROCESSOR("processor-seconds-per-million", "processor seconds a million images", 1),
    BROKER("broker-seconds-per-million", "… of the broker meanwhile", 1),
    LATENCY_MEDIAN("latency.p50", "latency p50, ms", 1),
    LATENCY_TAIL("latency.p99", "latency p99, ms", 1),
    MEMORY("peak-megabytes", "peak MB of the process", 0),
    ROUND_IMAGES("while-distilling.images-per-second", "images/s while a round runs", 0),
    ROUND_ALONE("while-distilling.seconds-an-iteration-alone", "seconds an iteration, alone", 4),
    ROUND_BESIDE("while-distilling.seconds-an-iteration-beside", "seconds an iteration, beside the rate", 4);

    private final String path;
    private final String words;
    private final int decimals;

    IngestFigure(String path, String words, int decimals) {
        this.path = path;
        this.words = words;
        this.decimals = decimals;
    }

    /** Where it stands in the JSON object. */
    String path() {
        return path;
    }

    /** What a person reads. */
    String words() {
        return words;
    }

    String format(double value) {
        return Table.decimal(value, decimals);
    }
}
