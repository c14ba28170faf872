import {
  type Block,
  type Codes,
  codesOf,
  type Field,
  type Group,
  type InterfaceFile,
} from './interface-file.ts';

/** Where a semantic field stands, and how it is written there. */
export type Register = { readonly offset: number } & (
  | { readonly kind: 'u16' | 'u32' | 'i32' | 'bits' }
  /** `mask`: bits of the register that hold the code. */
  | { readonly kind: 'enum'; readonly codes: Codes; readonly mask: number }
  | { readonly kind: 'bit'; readonly bit: number }
  | { readonly kind: 'text'; readonly characters: number }
);

/** Registers that one field takes, all its repetitions together. */
export function widthOf({ type, count = 1 }: Field): number {
  if (type === 'u32' || type === 'i32') return 2 * count;
  return (type.startsWith('ascii') ? Math.ceil(charactersOf(type) / 2) : 1) * count;
}

const charactersOf = (type: string): number => Number(type.slice('ascii('.length, -1));

/**
 * The semantic fields of a block or of one slot of a group, by name.
 *
 * A field of bits goes by its own name as a number. Its bits go by theirs where the field is named
 * as its row (`flags`, `sensors`), else by `field.bit` (`lastSensors.lhd1Loaded`), as two fields of
 * one block may share a row. CRC and repeated fields are no semantic fields.
 */
export function registersOf(
  file: InterfaceFile,
  { fields }: Block | Group,
): readonly (readonly [string, Register])[] {
  return fields.flatMap((field): (readonly [string, Register])[] => {
    const { name, offset, type, count = 1 } = field;
    if (type === 'crc16' || count > 1) return [];
    switch (type) {
      case 'u16':
      case 'u32':
      case 'i32':
        return [[name, { kind: type, offset }]];
      case 'enum':
        return [
          [
            name,
            {
              kind: 'enum',
              offset,
              codes: codesOf(file, field.enum ?? ''),
              mask: field.mask ?? 0xffff,
            },
          ],
        ];
      case 'bits':
        return [[name, { kind: 'bits', offset }], ...bitsOf(file, field)];
      default:
        return [[name, { kind: 'text', offset, characters: charactersOf(type) }]];
    }
  });
}

function bitsOf(file: InterfaceFile, { name, offset, bits = '' }: Field) {
  return Object.entries(file.bits[bits] ?? {})
    .filter(([place]) => !place.includes('-'))
    .map(([place, bit]): readonly [string, Register] => {
      const key = name === bits ? bit.name : `${name}.${bit.name}`;
      return [key, { kind: 'bit', offset, bit: Number(place) }];
    });
}

/** The sequence field by which a group's slots are filled: slot = number mod count, 0 = unused. */
export function sequenceOf({ slot, count }: Group): string | undefined {
  const match = /^(\w+) mod (\d+)$/.exec(slot);
  return match !== null && Number(match[2]) === count ? match[1] : undefined;
}
