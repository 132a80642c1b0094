package io.reflux.wire;

import io.reflux.sample.Identity;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** What a key of the reservoir topic stands for. */
public sealed interface ReservoirKey {
    /** The feed all of it belongs to. */
    String feed();

    /** The key as it stands on the topic. */
    Key key();

    /**
     * A kept image.
     *
     * @param identity what tells it from every other
     */
    record OfImage(String feed, String label, Identity identity) implements ReservoirKey {
        @Override
        public Key key() {
            return Key.of(feed, "image", label, identity.text());
        }
    }

    /**
     * How far a partition of the images topic has been counted.
     *
     * @param partition of the images topic
     */
    record OfProgress(String feed, int partition) implements ReservoirKey {
        @Override
        public Key key() {
            return Key.of(feed, "progress", Integer.toString(partition));
        }
    }

    /** The settled settings of a feed. */
    record OfSettings(String feed) implements ReservoirKey {
        @Override
        public Key key() {
            return Key.of(feed, "settings");
        }
    }

    /**
     * An erasure.
     *
     * @param name of what is erased: the text of an identity, or of a {@link Device}
     */
    record OfErasure(String feed, Kind kind, String name) implements ReservoirKey {
        /** What is erased. */
        public enum Kind {
            /** One image. */
            IMAGE,
            /** All images of one device. */
            DEVICE;

            String text() {
                return name().toLowerCase(Locale.ROOT);
            }

            static Optional<Kind> named(String text) {
                return Arrays.stream(values())
                        .filter(kind -> kind.text().equals(text))
                        .findFirst();
            }
        }

        public static OfErasure of(String feed, Identity identity) {
            return new OfErasure(feed, Kind.IMAGE, identity.text());
        }

        public static OfErasure of(String feed, Device device) {
            return new OfErasure(feed, Kind.DEVICE, device.text());
        }

        @Override
        public Key key() {
            return Key.of(feed, "erasure", kind.text(), name);
        }
    }

    /** The feed's last beginning anew. */
    record OfReset(String feed) implements ReservoirKey {
        @Override
        public Key key() {
            return Key.of(feed, "reset");
        }
    }

    /** Reads a key; empty when it is none of these, such as one of a later version. */
    static Optional<ReservoirKey> parse(String text) {
        try {
            return of(Key.parse(text));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }

    private static Optional<ReservoirKey> of(Key key) {
        String kind = key.size() < 2 ? "" : key.part(1);
        if (kind.equals("image") && key.size() == 4) {
            return Optional.of(new OfImage(key.part(0), key.part(2), new Identity(key.part(3))));
        }
        if (kind.equals("progress") && key.size() == 3) {
            return Optional.of(new OfProgress(key.part(0), Integer.parseInt(key.part(2))));
        }
        if (kind.equals("erasure") && key.size() == 4) {
            return OfErasure.Kind.named(key.part(2)).map(what -> new OfErasure(key.part(0), what, key.part(3)));
        }
        if (kind.equals("reset") && key.size() == 2) {
            return Optional.of(new OfReset(key.part(0)));
        }
        return kind.equals("settings") && key.size() == 2 ? Optional.of(new OfSettings(key.part(0))) : Optional.empty();
    }
}
