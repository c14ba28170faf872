export type Elementary =
  | 'bool'
  | 'int'
  | 'uint'
  | 'dint'
  | 'udint'
  | 'word'
  | 'dword'
  | 'time'
  /** A number without a type: fits every integer. */
  | 'literal';

export type Type =
  | Elementary
  | { readonly kind: 'array'; readonly low: number; readonly high: number; readonly of: Type }
  | { readonly kind: 'struct'; readonly name: string; readonly members: ReadonlyMap<string, Type> }
  | { readonly kind: 'block'; readonly name: string };

export const ranges: Readonly<Partial<Record<Elementary, readonly [number, number]>>> = {
  int: [-0x8000, 0x7fff],
  uint: [0, 0xffff],
  dint: [-0x8000_0000, 0x7fff_ffff],
  udint: [0, 0xffff_ffff],
  word: [0, 0xffff],
  dword: [0, 0xffff_ffff],
};

export const isInteger = (type: Type): boolean =>
  ['int', 'uint', 'dint', 'udint', 'literal'].includes(type as string);

export const nameOf = (type: Type): string =>
  typeof type === 'string'
    ? type
    : type.kind === 'array'
      ? `array of ${nameOf(type.of)}`
      : type.name;

/** The type that two operands share, or undefined: nothing is converted by itself but bare numbers. */
export function common(a: Type, b: Type): Type | undefined {
  if (a === 'literal' && isInteger(b)) return b;
  if (b === 'literal' && isInteger(a)) return a;
  return isSame(a, b) ? a : undefined;
}

function isSame(a: Type, b: Type): boolean {
  if (typeof a === 'string' || typeof b === 'string') return a === b;
  if (a.kind === 'array' && b.kind === 'array') {
    return a.low === b.low && a.high === b.high && isSame(a.of, b.of);
  }
  return a.kind === b.kind && nameOf(a) === nameOf(b);
}

/** Overflow differs from PLC to PLC: a program that does the same everywhere has none. */
export function checked(type: Type, value: number): number {
  const [min, max] = ranges[type as Elementary] ?? [
    Number.NEGATIVE_INFINITY,
    Number.POSITIVE_INFINITY,
  ];
  if (value < min || value > max) throw new Error(`${value} overflows ${nameOf(type)}`);
  return value;
}

/** `udint_to_word` and the like. */
export function conversion(name: string) {
  const match = /^([a-z]+)_to_([a-z]+)$/.exec(name);
  const [from, to] = [match?.[1] as Elementary, match?.[2] as Elementary];
  if (ranges[from] === undefined || ranges[to] === undefined) return undefined;
  const convert = (value: number): number => {
    // Bit patterns are taken as they are; numbers must fit.
    if (from === 'dword' && to === 'dint') return value | 0;
    if (from === 'dint' && to === 'dword') return value >>> 0;
    return checked(to, value);
  };
  return { from, to, convert };
}
