/** Something whose loudness can be read at any time: 0 silent to 1 as loud as a voice gets. */
export interface LevelSource {
  read(): number;
}

/** Root mean square that fills the meter. */
const LOUD = 0.3;

/** The last measured level. Apart from the view state, since it changes ten times a second. */
export class LastLevel implements LevelSource {
  #level = 0;

  /** @param rootMeanSquare 0 to 1 */
  heard(rootMeanSquare: number): void {
    // The square root brings quiet speech off the floor, as ears do.
    this.#level = Math.min(1, Math.sqrt(Math.max(0, rootMeanSquare) / LOUD));
  }

  read(): number {
    return this.#level;
  }
}
