package io.reflux.reservoir;

import io.reflux.sample.Identity;
import io.reflux.wire.Device;
import io.reflux.wire.ErasureRecord;
import io.reflux.wire.ReservoirKey;
import io.reflux.wire.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What is erased of one feed. For one thread, or under its owner's lock. */
public final class Erasures {
    private static final int DIGEST_CHARACTERS = 16;
    private final Map<String, ErasureRecord> images = new TreeMap<>();
    private final Map<String, ErasureRecord> devices = new TreeMap<>();
    private @Nullable String digest;

    /** @return whether it says something that was not known */
    public boolean add(ErasureRecord erasure) {
        ErasureRecord former = of(erasure.key()).put(erasure.key().name(), erasure);
        digest = null;
        return former == null || !Objects.equals(former.until(), erasure.until());
    }

    /** @return whether it was in force */
    public boolean lift(ReservoirKey.OfErasure erasure) {
        digest = null;
        return of(erasure).remove(erasure.name()) != null;
    }

    public boolean isEmpty() {
        return images.isEmpty() && devices.isEmpty();
    }

    public boolean cover(Identity identity, @Nullable Device device, long timestamp) {
        return images.containsKey(identity.text())
                || devices.values().stream().anyMatch(erasure -> erasure.covers(identity, device, timestamp));
    }

    /** Sixteen hexadecimal digits that change with what is erased; empty while nothing is. */
    String digest() {
        String known = digest;
        if (known == null) {
            known = computeDigest();
            digest = known;
        }
        return known;
    }

    private Map<String, ErasureRecord> of(ReservoirKey.OfErasure key) {
        return switch (key.kind()) {
            case IMAGE -> images;
            case DEVICE -> devices;
        };
    }

    private String computeDigest() {
        if (isEmpty()) {
            return "";
        }
        String all = images.keySet()
                + devices.values().stream()
                        .map(erasure -> erasure.key().name() + "<" + erasure.until())
                        .collect(Collectors.joining(","));
        return Sha256.hex(all.getBytes(StandardCharsets.UTF_8)).substring(0, DIGEST_CHARACTERS);
    }
}
