import type { ConveyorFact } from '../../src/ports/conveyor.ts';
import { unreadableCharacter } from '../lib/codec.ts';
import { Doubles } from './doubles.ts';

/** How many facts of each kind a conveyor has told, since the process began. */
export class FactCounts {
  readonly counters = { scans: 0, spoiltCodes: 0, confirmations: 0, duplicates: 0, gaps: 0 };
  readonly #doubles = new Doubles();

  count(fact: ConveyorFact): void {
    if (fact.type === 'conveyor.scanned') {
      this.counters.scans++;
      if (fact.scan.code.includes(unreadableCharacter)) this.counters.spoiltCodes++;
    }
    if (fact.type === 'conveyor.confirmed') this.counters.confirmations++;
    if (fact.type === 'conveyor.gap') this.counters.gaps++;
    if (this.#doubles.isDouble(fact)) this.counters.duplicates++;
  }
}
