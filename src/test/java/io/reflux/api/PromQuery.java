package io.reflux.api;

import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The metrics and labels that a query of Prometheus asks for. */
record PromQuery(Set<String> metrics, Set<String> labels) {
    private static final Pattern STRING = Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*\"");
    private static final Pattern RANGE = Pattern.compile("\\[[^\\]]*]");
    private static final Pattern GROUPING =
            Pattern.compile("\\b(?:by|without|on|ignoring|group_left|group_right)\\s*\\(([^)]*)\\)");
    private static final Pattern MATCHERS = Pattern.compile("\\{([^}]*)}");
    private static final Pattern NAME = Pattern.compile("[a-zA-Z_:][a-zA-Z0-9_:]*(?!\\w|\\s*\\()");
    private static final Pattern NUMBER = Pattern.compile("\\b\\d[\\w.]*");
    private static final Set<String> WORDS = Set.of("and", "or", "unless", "bool", "offset", "inf", "nan");

    static PromQuery of(String expression) {
        PromQuery query = new PromQuery(new TreeSet<>(), new TreeSet<>());
        String rest = STRING.matcher(expression).replaceAll("");
        rest = RANGE.matcher(rest).replaceAll("");
        rest = query.takeLabels(GROUPING, rest);
        rest = query.takeLabels(MATCHERS, rest);
        rest = NUMBER.matcher(rest).replaceAll("");
        NAME.matcher(rest)
                .results()
                .map(name -> name.group())
                .filter(name -> !WORDS.contains(name))
                .forEach(query.metrics::add);
        return query;
    }

    private String takeLabels(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        while (found.find()) {
            NAME.matcher(found.group(1)).results().forEach(name -> labels.add(name.group()));
        }
        return found.replaceAll(" ");
    }
}
