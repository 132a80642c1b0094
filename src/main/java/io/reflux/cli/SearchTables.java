package io.reflux.cli;

import io.reflux.console.Figures;
import io.reflux.console.Table;
import io.reflux.distill.NetworkScore;
import io.reflux.distill.SearchReport;
import io.reflux.distill.TrainingSource;
import io.reflux.nn.ConvNetVariant;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/**
 * What a search found: the ranking, the rank correlations, and what each source cost.
 *
 * @param tops the k of "top k"
 */
record SearchTables(SearchReport report, List<Integer> tops) {
    private static final Map<TrainingSource, String> NAMES = new EnumMap<>(Map.of(
            TrainingSource.SET, "the distilled set",
            TrainingSource.REAL, "real images",
            TrainingSource.RANDOM, "random real images"));

    /** The networks that the set puts first, with their ranks; {@code most} of them. */
    Table ranking(int most) {
        Map<TrainingSource, List<NetworkScore>> ranks = ranks();
        Table table = new Table();
        List<String> head = new ArrayList<>(List.of("network, best on the set first"));
        sources().forEach(source -> head.addAll(List.of(source.key(), "rank")));
        table.row(head.toArray(String[]::new));
        for (NetworkScore network :
                report.ranked(TrainingSource.SET).stream().limit(most).toList()) {
            List<String> row = new ArrayList<>(List.of(network.network().name()));
            sources()
                    .forEach(source -> row.addAll(
                            List.of(Table.percent(network.on(source).accuracy()), rank(ranks, source, network))));
            table.row(row.toArray(String[]::new));
        }
        return table;
    }

    /** Spearman's rank correlation with real images, for each proxy over the networks of each choice. */
    Table correlations() {
        Table table = new Table();
        List<String> head = new ArrayList<>(List.of("rank correlation with real images"));
        tops.forEach(top -> head.add("top " + top));
        head.add("all " + report.networks().size());
        table.row(head.toArray(String[]::new));
        for (TrainingSource proxy : proxies()) {
            row(table, proxy, proxy, "first by itself");
            row(table, proxy, TrainingSource.REAL, "first on real images");
        }
        return table;
    }

    /** The accuracy, on real images, of what each source would choose, and the time it takes to choose. */
    Table choices() {
        Table table = new Table().row("the best network by", "on real images", "seconds of training");
        sources()
                .forEach(source -> table.row(
                        NAMES.getOrDefault(source, ""),
                        Table.percent(report.found(source)),
                        Table.decimal(report.seconds(source), 1)));
        return table;
    }

    void addTo(Figures figures) {
        for (TrainingSource source : sources()) {
            figures.put("found." + source.key(), report.found(source));
            figures.put("seconds." + source.key(), report.seconds(source));
        }
        for (TrainingSource proxy : proxies()) {
            String path = "correlation." + proxy.key();
            put(
                    figures,
                    path + ".all",
                    correlation(proxy, proxy, report.networks().size()));
            for (int top : tops) {
                put(figures, path + ".chosen-by-itself.top" + top, correlation(proxy, proxy, top));
                put(figures, path + ".chosen-by-real.top" + top, correlation(proxy, TrainingSource.REAL, top));
            }
        }
        for (NetworkScore network : report.networks()) {
            for (TrainingSource source : sources()) {
                String path = "networks." + network.network().name() + "." + source.key();
                figures.put(path + ".accuracy", network.on(source).accuracy());
                figures.put(path + ".seconds", network.on(source).seconds());
            }
        }
    }

    /** All networks, best on the set first, as comma-separated values. */
    byte[] csv() {
        Map<TrainingSource, List<NetworkScore>> ranks = ranks();
        StringBuilder text = new StringBuilder("network,width,depth,activation,norm,pooling");
        for (String column : List.of("accuracy", "rank", "seconds")) {
            sources()
                    .forEach(source ->
                            text.append(",").append(source.key()).append("_").append(column));
        }
        for (NetworkScore network : report.ranked(TrainingSource.SET)) {
            ConvNetVariant variant = network.network();
            text.append("\n").append(variant.name());
            text.append(",").append(variant.width()).append(",").append(variant.depth());
            text.append(",").append(variant.activation().key());
            text.append(",").append(variant.norm().key());
            text.append(",").append(variant.pooling().key());
            sources().forEach(source -> text.append(",")
                    .append(network.on(source).accuracy()));
            sources().forEach(source -> text.append(",").append(rank(ranks, source, network)));
            sources().forEach(source -> text.append(",")
                    .append(network.on(source).seconds()));
        }
        return text.append("\n").toString().getBytes(StandardCharsets.UTF_8);
    }

    private void row(Table table, TrainingSource proxy, TrainingSource chosenBy, String choice) {
        List<String> row = new ArrayList<>(List.of(NAMES.get(proxy) + ", " + choice));
        Stream.concat(tops.stream(), Stream.of(report.networks().size()))
                .map(top -> correlation(proxy, chosenBy, top))
                .map(value -> Double.isNaN(value) ? "–" : String.format(Locale.ROOT, "%.2f", value))
                .forEach(row::add);
        table.row(row.toArray(String[]::new));
    }

    /** Of fewer networks than asked for there is no top. */
    private double correlation(TrainingSource proxy, TrainingSource chosenBy, int top) {
        return top > report.networks().size() ? Double.NaN : report.correlation(proxy, chosenBy, top);
    }

    private static void put(Figures figures, String path, double value) {
        if (!Double.isNaN(value)) {
            figures.put(path, value);
        }
    }

    private Map<TrainingSource, List<NetworkScore>> ranks() {
        Map<TrainingSource, List<NetworkScore>> ranks = new EnumMap<>(TrainingSource.class);
        sources().forEach(source -> ranks.put(source, report.ranked(source)));
        return ranks;
    }

    private static String rank(
            Map<TrainingSource, List<NetworkScore>> ranks, TrainingSource source, NetworkScore network) {
        return Integer.toString(ranks.getOrDefault(source, List.of()).indexOf(network) + 1);
    }

    private List<TrainingSource> sources() {
        return Stream.of(TrainingSource.values()).filter(report::has).toList();
    }

    private List<TrainingSource> proxies() {
        return sources().stream()
                .filter(source -> source != TrainingSource.REAL)
                .toList();
    }
}
