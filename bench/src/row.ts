/** One line of the table. */
export interface Row {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  readonly reached: boolean;
}

export function table(rows: readonly Row[]): string {
  const lines = rows.map(
    ({ what, measured, bar, reached }) =>
      `| ${what} | ${measured} | ${bar} | ${reached ? 'yes' : '**no**'} |`,
  );
  return ['| what | measured | bar | reached |', '|---|---|---|---|', ...lines].join('\n');
}
