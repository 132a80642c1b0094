package io.reflux.api;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What a query of Prometheus asks for: its selectors, each with the labels that are asked of its own metric.
 *
 * <p>One pass over the tokens. Labels of {@code by} and {@code without} are asked of the metrics within the parentheses that
 * follow or went before, those of {@code on} and its like of all metrics of the query.
 */
record PromQuery(List<Selector> selectors) {
    private static final Pattern TOKEN = Pattern.compile(
            "\"(?:[^\"\\\\]|\\\\.)*\"|\\[[^\\]]*]|[a-zA-Z_:][\\w:]*|\\d[\\w.]*|=~|!~|!=|==|<=|>=|[^\\s]");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][\\w:]*");
    private static final Set<String> GROUPINGS = Set.of("by", "without");
    private static final Set<String> MATCHINGS = Set.of("on", "ignoring", "group_left", "group_right");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

    /**
     * One metric that is asked for.
     *
     * @param labels that it has to have for the query to mean anything, those of its matchers included
     */
    record Selector(String metric, Set<String> labels, List<Matcher> matchers) {}

    /** What a label has to be. */
    record Matcher(String label, String operator, String value) {
        /** Whether a label with these values can have each of those it speaks of, be it to take them or to leave them out. */
        boolean isPossible(Set<String> values) {
            return operator.endsWith("~")
                    ? Arrays.stream(value.split("\\|")).allMatch(choice -> values.stream()
                            .anyMatch(Pattern.compile(choice).asMatchPredicate()))
                    : values.contains(value);
        }
    }

    static PromQuery of(String expression) {
        return new Reading(expression).query();
    }

    Set<String> metrics() {
        return selectors.stream().map(Selector::metric).collect(Collectors.toCollection(TreeSet::new));
    }

    /** A query that is being read. */
    private static final class Reading {
        private final List<String> tokens;
        private final List<Selector> selectors = new ArrayList<>();
        private final Deque<Parentheses> open = new ArrayDeque<>();
        private int at;
        private int lastOpened;

        /** @param first index of the first selector within */
        private record Parentheses(int first, Set<String> labels) {}

        Reading(String expression) {
            tokens = TOKEN.matcher(expression)
                    .results()
                    .map(found -> found.group())
                    .toList();
        }

        PromQuery query() {
            Set<String> matched = new TreeSet<>();
            Set<String> grouped = Set.of();
            while (at < tokens.size()) {
                String token = tokens.get(at++);
                Set<String> before = grouped;
                grouped = Set.of();
                if (GROUPINGS.contains(token)) {
                    grouped = list();
                    if (!next("(")) {
                        ask(lastOpened, grouped);
                    }
                } else if (MATCHINGS.contains(token)) {
                    matched.addAll(next("(") ? list() : Set.of());
                } else if (token.equals("(")) {
                    open.push(new Parentheses(selectors.size(), before));
                } else if (token.equals(")")) {
                    Parentheses closed = open.pop();
                    lastOpened = closed.first();
                    ask(closed.first(), closed.labels());
                } else if (token.equals("{")) {
                    throw new IllegalArgumentException("a selector without a metric in " + tokens);
                } else if (isMetric(token)) {
                    selectors.add(selector(token));
                }
            }
            ask(0, matched);
            return new PromQuery(List.copyOf(selectors));
        }

        private boolean isMetric(String token) {
            boolean called = next("(") || at < tokens.size() && GROUPINGS.contains(tokens.get(at));
            return NAME.matcher(token).matches() && !called && !WORDS.contains(token);
        }

        private Selector selector(String metric) {
            List<Matcher> matchers = new ArrayList<>();
            if (next("{")) {
                at++;
                while (!next("}")) {
                    String quoted = tokens.get(at + 2);
                    matchers.add(
                            new Matcher(tokens.get(at), tokens.get(at + 1), quoted.substring(1, quoted.length() - 1)));
                    at += 3;
                    at += next(",") ? 1 : 0;
                }
                at++;
            }
            Set<String> labels = matchers.stream().map(Matcher::label).collect(Collectors.toCollection(TreeSet::new));
            return new Selector(metric, labels, matchers);
        }

        /** The names in parentheses that come next. */
        private Set<String> list() {
            Set<String> names = new TreeSet<>();
            for (String token = tokens.get(at++); !token.equals(")"); token = tokens.get(at++)) {
                if (NAME.matcher(token).matches()) {
                    names.add(token);
                }
            }
            return names;
        }

        private void ask(int first, Set<String> labels) {
            selectors.subList(first, selectors.size()).forEach(selector -> selector.labels()
                    .addAll(labels));
        }

        private boolean next(String token) {
            return at < tokens.size() && Objects.equals(tokens.get(at), token);
        }
    }
}
