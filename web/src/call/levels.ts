/** Something whose loudness can be read at any time: 0 silent to 1 as loud as it gets. */
export interface LevelSource {
  read(): number;
}
