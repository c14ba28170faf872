import type { ConveyorFact } from '../../src/ports/conveyor.ts';

interface Newest {
  readonly era: number;
  scan: number;
  confirmation: number;
}

/**
 * Tells the facts of decision points that were told before, by their numbers. They are told all the same, as
 * the core may not have stored them, and its inbox drops doubles; many of them mean a core that is too slow,
 * or a link that comes and goes.
 */
export class Doubles {
  readonly #newest = new Map<number, Newest>();

  isDouble(fact: ConveyorFact): boolean {
    if (fact.type !== 'conveyor.scanned' && fact.type !== 'conveyor.confirmed') return false;
    const known = this.#newest.get(fact.point);
    const newest = known?.era === fact.era ? known : { era: fact.era, scan: 0, confirmation: 0 };
    this.#newest.set(fact.point, newest);
    const isScan = fact.type === 'conveyor.scanned';
    const number = isScan ? fact.scan.scanSeq : fact.confirmation.confirmSeq;
    const what = isScan ? 'scan' : 'confirmation';
    if (number <= newest[what]) return true;
    newest[what] = number;
    return false;
  }
}
