/** Columns and rows of a grid of tiles. */
export interface GridShape {
  readonly columns: number;
  readonly rows: number;
}

/**
 * The grid that shows the largest tiles of the given aspect ratio (width / height) in an area of `width` × `height`
 * CSS pixels with `gap` between tiles. Of equal ones, the grid with fewer columns.
 */
export function gridShape(count: number, width: number, height: number, gap = 12, aspect = 4 / 3): GridShape {
  let best: GridShape = { columns: 1, rows: Math.max(1, count) };
  let bestArea = -1;
  for (let columns = 1; columns <= count; columns++) {
    const rows = Math.ceil(count / columns);
    const cellWidth = (width - gap * (columns - 1)) / columns;
    const cellHeight = (height - gap * (rows - 1)) / rows;
    if (cellWidth <= 0 || cellHeight <= 0) continue;
    const tileWidth = Math.min(cellWidth, cellHeight * aspect);
    const area = (tileWidth * tileWidth) / aspect;
    if (area > bestArea + 0.5) {
      best = { columns, rows };
      bestArea = area;
    }
  }
  return best;
}
