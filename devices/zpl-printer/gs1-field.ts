import { ValueError } from '../../src/domain/errors.ts';
import { checkElement, type Gs1Element } from '../../src/domain/gs1-elements.ts';
import { elementKinds } from '../../src/domain/gs1-table.ts';

/**
 * The elements of a `^BC` field in mode D: `(01)09506000134352(10)ABC>8(21)5`. The printer leaves
 * out parentheses and turns `>8` into FNC1, which a value of open length needs when something follows.
 *
 * @throws {ValueError} with what is wrong as its message
 *
 * Source: Zebra ZPL II Programming Guide, `^BC`, mode D.
 */
export function elementsOfField(data: string): readonly Gs1Element[] {
  const pieces = [...data.matchAll(/\(([0-9]{2,4})\)([^()>]*)(>8)?/g)];
  if (pieces.length === 0 || pieces.map(([whole]) => whole).join('') !== data) {
    throw new ValueError('is no row of (identifier)value');
  }
  return pieces.map(([, ai = '', value = '', fnc1], index) => {
    checkElement({ ai, value });
    const needsFnc1 = index < pieces.length - 1 && !elementKinds.get(ai)?.isPredefined;
    if (needsFnc1 !== (fnc1 !== undefined)) {
      throw new ValueError(
        needsFnc1 ? `(${ai}) needs >8 after it, or must be last` : `(${ai}) needs no >8 after it`,
      );
    }
    return { ai, value };
  });
}
