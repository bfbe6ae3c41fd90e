package sotto.rooms.session;

/** The only randomness of a session; cryptographic in the product. */
@FunctionalInterface
public interface RandomSource {
    /** Fills the array. */
    void fill(byte[] bytes);
}
