package io.reflux.api;

import io.quarkus.test.junit.QuarkusTestProfile;
import io.reflux.rounds.FakeEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;

/** A service with an engine that takes no time, which all tests of the API share. */
public final class ApiProfile implements QuarkusTestProfile {
    @Override
    public Map<String, String> getConfigOverrides() {
        return Map.of(
                "reflux.data.directory", directory().toString(),
                "reflux.broker.port", "0",
                "reflux.sample.hold-out", "0.2",
                "reflux.sample.hold-out-minimum", "2",
                "reflux.rounds.every-images", "0",
                "reflux.feeds.quiet.shape", "1,2,3");
    }

    @Override
    public Set<Class<?>> getEnabledAlternatives() {
        return Set.of(FakeEngine.class);
    }

    private static Path directory() {
        try {
            return Files.createTempDirectory(Files.createDirectories(Path.of("target", "test-directories")), "api-")
                    .toAbsolutePath();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
