import { InvalidArgumentError } from 'commander';

const units = { '': 1_000, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `90s`, `5m`, `1h`. @returns milliseconds */
export function duration(text: string): number {
  const [, count = '', unit = ''] = /^(\d+(?:\.\d+)?)(s|m|h|)$/.exec(text) ?? [];
  const ms = Number(count) * units[unit as keyof typeof units];
  if (!(ms > 0)) throw new InvalidArgumentError('a duration such as 90s, 5m or 1h');
  return ms;
}
