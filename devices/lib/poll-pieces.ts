import type { Block, InterfaceFile } from './interface-file.ts';
import type { Piece, PlanLimits } from './poll-plan.ts';
import { widthOf } from './registers.ts';

/** Of one request, where the interface file says nothing else. */
const wordsMax = 125;
const gapMax = 8;

/** What an interface file says about reading its registers. */
export const planLimitsOf = ({ reading, forbidden = [] }: InterfaceFile): PlanLimits => ({
  gapMax: reading?.gapMax ?? gapMax,
  wordsMax: reading?.wordsMax ?? wordsMax,
  forbidden,
});

/** Whether a block must be read with one request, as only then its guards or its CRC prove something. */
const isSnapshot = ({ fields }: Block): boolean =>
  fields.some(({ name, type }) => name === 'guardA' || type === 'crc16');

/**
 * What of a block is read as a whole: all of it, where guards or a CRC hold it together, else each field.
 *
 * @param name  of a block that does not repeat
 */
export function piecesOf(file: InterfaceFile, name: string, periodMs: number): Piece[] {
  const blocks = file.blocks.filter((block) => block.name === name);
  return blocks.flatMap((block): Piece[] => {
    const { base, length, fields } = block;
    if (isSnapshot(block)) return [{ name, address: base, words: length, periodMs }];
    return fields.map((field) => ({
      name: `${name}.${field.name}`,
      address: base + field.offset,
      words: widthOf(field),
      periodMs,
    }));
  });
}
