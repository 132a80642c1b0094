package io.reflux.api;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a caller may do, by its roles: {@code reader} and {@code operator} for every feed, {@code reader:FEED} and
 * {@code operator:FEED} for one. Who may operate may read.
 *
 * @param readsAll feeds
 * @param operatesAll feeds
 * @param read feeds, beyond those
 * @param operated feeds, beyond those
 */
record Grants(boolean readsAll, boolean operatesAll, Set<String> read, Set<String> operated) {
    /** Where nobody has to say who they are. */
    static final Grants EVERYTHING = new Grants(true, true, Set.of(), Set.of());

    /** Of whom nothing is known. */
    static final Grants NOTHING = new Grants(false, false, Set.of(), Set.of());

    private static final String READER = "reader";
    private static final String OPERATOR = "operator";
    private static final String OF_FEED = ":";

    Grants {
        read = Set.copyOf(read);
        operated = Set.copyOf(operated);
    }

    static Grants of(Set<String> roles) {
        boolean operatesAll = roles.contains(OPERATOR);
        Set<String> operated = named(roles, OPERATOR + OF_FEED);
        Set<String> read = named(roles, READER + OF_FEED);
        read.addAll(operated);
        return new Grants(operatesAll || roles.contains(READER), operatesAll, read, operated);
    }

    boolean reads(String feed) {
        return readsAll || read.contains(feed);
    }

    boolean operates(String feed) {
        return operatesAll || operated.contains(feed);
    }

    /** Whether there may be a feed to read. */
    boolean readsAny() {
        return readsAll || !read.isEmpty();
    }

    /** Whether there may be a feed to operate. */
    boolean operatesAny() {
        return operatesAll || !operated.isEmpty();
    }

    /** The fewest roles that give all this, by name. */
    List<String> roles() {
        Set<String> roles = new TreeSet<>();
        if (operatesAll) {
            roles.add(OPERATOR);
        } else if (readsAll) {
            roles.add(READER);
        }
        operated.stream()
                .filter(feed -> !operatesAll)
                .map(feed -> OPERATOR + OF_FEED + feed)
                .forEach(roles::add);
        read.stream()
                .filter(feed -> !readsAll && !operated.contains(feed))
                .map(feed -> READER + OF_FEED + feed)
                .forEach(roles::add);
        return List.copyOf(roles);
    }

    private static Set<String> named(Set<String> roles, String prefix) {
        Set<String> feeds = new HashSet<>();
        roles.stream()
                .filter(role -> role.startsWith(prefix))
                .map(role -> role.substring(prefix.length()))
                .forEach(feeds::add);
        return feeds;
    }
}
