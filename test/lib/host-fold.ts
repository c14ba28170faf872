import type { OutboxEvent } from '../../src/ports/outbox.ts';

interface Told {
  readonly kind?: string;
  readonly from?: string;
  readonly to?: string;
  readonly loadUnit?: string;
  readonly toLoadUnit?: string;
  readonly lines?: readonly { readonly qty: number; readonly fromStatus?: string }[];
}

/**
 * Pieces in each load unit, as a host knows them that has heard every movement.
 *
 * @param before  what it knew before
 */
export function foldedByHost(
  events: Iterable<Pick<OutboxEvent, 'name' | 'data'>>,
  before: ReadonlyMap<string, number> = new Map(),
): Map<string, number> {
  const pieces = new Map(before);
  const add = (unit: string, qty: number) => pieces.set(unit, (pieces.get(unit) ?? 0) + qty);
  for (const { name, data } of events) {
    const { kind, from, to, loadUnit = '', toLoadUnit, lines = [] } = data as Told;
    if (name !== 'movement') continue;
    const qty = lines.reduce((sum, line) => sum + (line.fromStatus ? 0 : line.qty), 0);
    if (kind === 'received') pieces.set(loadUnit, qty);
    else if (toLoadUnit !== undefined) {
      add(loadUnit, -qty);
      add(toLoadUnit, qty);
    } else if (from === 'ADJUSTMENT') add(loadUnit, qty);
    else if (to === 'ADJUSTMENT') add(loadUnit, -qty);
  }
  return pieces;
}
