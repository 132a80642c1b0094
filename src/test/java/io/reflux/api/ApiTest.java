package io.reflux.api;

import io.reflux.kafka.KafkaConnection;
import io.reflux.rounds.FakeEngine;
import jakarta.inject.Inject;
import org.junit.jupiter.api.BeforeEach;

/** What tests of the API that need feeds have in common. */
abstract class ApiTest {
    @Inject
    KafkaConnection kafka;

    @Inject
    FakeEngine engine;

    ApiFeeds feeds;

    @BeforeEach
    void letTheEngineWork() {
        engine.endless = false;
        engine.accuracy = 0.8;
        engine.failure = null;
        engine.iteration = 1;
        feeds = new ApiFeeds(kafka);
    }
}
