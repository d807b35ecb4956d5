/**
 * Lists of rows after an event that names the row that changed. Pure: the same list where nothing does.
 */

type KeyOf<Row> = (row: Row) => string;

/** Put a row in the place of the one with its key, if there is one. */
export function replaceRow<Row>(rows: readonly Row[], row: Row, keyOf: KeyOf<Row>): readonly Row[] {
  const key = keyOf(row);
  return rows.some((each) => keyOf(each) === key) ? rows.map((each) => (keyOf(each) === key ? row : each)) : rows;
}

/** Put a row in the place of the one with its key, or first of all. */
export function upsertRow<Row>(rows: readonly Row[], row: Row, keyOf: KeyOf<Row>): readonly Row[] {
  const replaced = replaceRow(rows, row, keyOf);
  return replaced === rows ? [row, ...rows] : replaced;
}

/** Without the row of this key. */
export function removeRow<Row>(rows: readonly Row[], key: string, keyOf: KeyOf<Row>): readonly Row[] {
  const kept = rows.filter((each) => keyOf(each) !== key);
  return kept.length === rows.length ? rows : kept;
}
