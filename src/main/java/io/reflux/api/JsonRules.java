package io.reflux.api;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.quarkus.jackson.ObjectMapperCustomizer;
import io.reflux.wire.Json;
import jakarta.inject.Singleton;

/** Gives REST the JSON of the topics. */
@Singleton
final class JsonRules implements ObjectMapperCustomizer {
    @Override
    public void customize(ObjectMapper mapper) {
        Json.configure(mapper);
    }
}
