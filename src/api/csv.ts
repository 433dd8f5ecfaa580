/** Comma-separated values that spreadsheets read as what they are. */

/** Encodes rows, the heading first, by RFC 4180. */
export function encodeCsv(rows: readonly (readonly (string | number | null)[])[]): string {
  return rows.map((row) => `${row.map(formatCsvCell).join(',')}\r\n`).join('');
}

/**
 * A cell. What a spreadsheet would run as a formula is preceded by an apostrophe, which makes it a text.
 *
 * @see https://owasp.org/www-community/attacks/CSV_Injection
 */
export function formatCsvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/.test(value) ? `'${value}` : value;
  return /["',;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
