package sotto.demo.bench;

import java.util.List;

/** Order statistics of some measurements; nearest rank, so that each is a value that was measured. */
record Spread(double least, double p50, double p95, double most, int count) {

    /** @throws IllegalArgumentException if there are no values */
    static Spread of(List<Double> values) {
        if (values.isEmpty()) throw new IllegalArgumentException("nothing was measured");
        List<Double> sorted = values.stream().sorted().toList();
        return new Spread(
                tenths(sorted.getFirst()),
                tenths(at(sorted, 0.50)),
                tenths(at(sorted, 0.95)),
                tenths(sorted.getLast()),
                sorted.size());
    }

    private static double at(List<Double> sorted, double part) {
        return sorted.get(Math.max(0, (int) Math.ceil(part * sorted.size()) - 1));
    }

    private static double tenths(double value) {
        return Math.round(value * 10) / 10.0;
    }

    String text() {
        return "p50 " + Math.round(p50) + " ms, p95 " + Math.round(p95) + " ms (" + Math.round(least) + "–"
                + Math.round(most) + ", " + count + " rounds)";
    }
}
