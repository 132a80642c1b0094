package io.reflux.api;

import java.util.Arrays;
import java.util.Set;

/** The users of the tests of access. */
enum Caller {
    NOBODY(),
    /** Known, but without a role of ours. */
    STRANGER("somebody"),
    READER("reader"),
    OPERATOR("operator"),
    OWN_READER("reader:mine"),
    OWN_OPERATOR("operator:mine"),
    /** Operates one feed and reads another. */
    GUEST("operator:mine", "reader:other"),
    /** An operator of its own, for tests that use a rate up. */
    BUSY("operator");

    private final Set<String> roles;

    Caller(String... roles) {
        this.roles = Set.copyOf(Arrays.asList(roles));
    }

    Set<String> roles() {
        return roles;
    }

    boolean isKnown() {
        return this != NOBODY;
    }

    /** What the policy says of feed "mine" (own) and of any other. */
    boolean mayRead(boolean own) {
        return switch (this) {
            case NOBODY, STRANGER -> false;
            case READER, OPERATOR, BUSY, GUEST -> true;
            case OWN_READER, OWN_OPERATOR -> own;
        };
    }

    boolean mayChange(boolean own) {
        return switch (this) {
            case NOBODY, STRANGER, READER, OWN_READER -> false;
            case OPERATOR, BUSY -> true;
            case OWN_OPERATOR, GUEST -> own;
        };
    }
}
