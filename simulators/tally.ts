import type { SimHost } from './host/host.ts';
import type { Plant } from './plant.ts';
import type { Execution, Truth } from './world/world.ts';

/** What the books say, as the tally needs it; whoever has them gives it. */
export interface Books {
  /** Load units that should be in the building, by place; each with the codes that may stand on it. */
  readonly present: readonly {
    readonly loadUnit: string;
    readonly place: string;
    readonly codes: readonly string[];
  }[];
  /** Every event, in order. */
  readonly events: readonly {
    readonly sequence: number;
    readonly name: string;
    readonly data: object;
  }[];
  readonly openOrders: number;
  /** Load units on their way, which is no place to stay. */
  readonly openWorkflows: number;
  readonly openDiscrepancies: number;
}

export interface Tally {
  readonly stored: number;
  readonly retrieved: number;
  readonly movements: number;
  readonly acknowledged: number;
  readonly lost: number;
  readonly doubled: number;
  readonly unresolved: number;
  readonly ok: boolean;
}

/** What was found, in sentences; empty when all is well. */
export interface Finding {
  readonly kind: 'lost' | 'doubled' | 'unresolved';
  readonly text: string;
}

/**
 * Compares three witnesses that share no memory: the steel (where every tote is, what each crane did), the
 * host (what it has booked), and the ledger.
 */
export function tally(plant: Plant, host: SimHost, books: Books): Tally & { findings: Finding[] } {
  const { present } = books;
  const steel = compareSteel(plant.truth(), present);
  const findings = [...steel, ...ranTwice(plant.executionLog()), ...told(host, books)];
  const { openOrders, openDiscrepancies, openWorkflows } = books;
  const open = { orders: openOrders, discrepancies: openDiscrepancies, workflows: openWorkflows };
  for (const [what, count] of Object.entries(open)) {
    if (count > 0) findings.push({ kind: 'unresolved', text: `${count} ${what} are open` });
  }
  const movements = books.events.filter(({ name }) => name === 'movement');
  const count = (kind: string) => movements.filter(({ data }) => kindOf(data) === kind).length;
  const acknowledged = movements.filter(({ sequence }) => sequence <= host.ackThrough()).length;
  const of = (kind: Finding['kind']) => findings.filter((finding) => finding.kind === kind).length;
  return {
    stored: count('putaway'),
    retrieved: count('retrieved'),
    movements: movements.length,
    acknowledged,
    lost: of('lost'),
    doubled: of('doubled'),
    unresolved: openOrders + openDiscrepancies + openWorkflows,
    ok: findings.length === 0 && acknowledged === movements.length,
    findings,
  };
}

const kindOf = (data: object): unknown => (data as { kind?: unknown }).kind;

/** Every tote in the building is in the books, where it really is, and the other way round. */
export function compareSteel(
  { totes, violations }: Pick<Truth, 'totes' | 'violations'>,
  present: Books['present'],
): Finding[] {
  const findings: Finding[] = violations.map(({ kind, detail }) => ({
    kind: kind === 'executedTwice' ? 'doubled' : 'lost',
    text: detail,
  }));
  const inside = totes.filter(({ location }) => location !== 'OUTSIDE');
  const unmatched = new Set(inside);
  const byCode = new Map(inside.flatMap((tote) => tote.codes.map((code) => [code, tote] as const)));
  // Those with a name first: the nameless take what is left over at their place.
  const named = [...present].sort((a, b) => b.codes.length - a.codes.length);
  for (const { loadUnit, place, codes } of named) {
    const tote =
      codes.length > 0
        ? codes.flatMap((code) => byCode.get(code) ?? []).find((found) => unmatched.has(found))
        : [...unmatched].find(({ location }) => location === place);
    if (tote === undefined) {
      findings.push({ kind: 'lost', text: `${loadUnit} is booked at ${place} and is not there` });
      continue;
    }
    unmatched.delete(tote);
    if (tote.location === place) continue;
    const text = `${loadUnit} is booked at ${place} and stands at ${tote.location}`;
    findings.push({ kind: 'lost', text });
  }
  for (const { id, location, codes } of unmatched) {
    // Gone, and a person has said so in the books.
    if (location === 'MISSING') continue;
    findings.push({ kind: 'lost', text: `tote ${id} (${codes}) at ${location} is in no book` });
  }
  return findings;
}

/** No motion was started twice for one mission. */
export const ranTwice = (executions: readonly Execution[]): Finding[] =>
  executions
    .filter(({ starts, picks, deposits }) => starts > 1 || picks > 1 || deposits > 1)
    .map(({ crane, missionId, starts }) => ({
      kind: 'doubled',
      text: `${crane} ran mission ${missionId} ${starts} times`,
    }));

/** The host has booked what the ledger has sent: the same, in the same order, once. */
function told(host: SimHost, { events }: Books): Finding[] {
  const received = host.received();
  const findings: Finding[] = [];
  received.forEach(({ sequence, data }, i) => {
    const event = events[i];
    if (event?.sequence === sequence && sameJson(event.data, data)) return;
    const kind = event === undefined || sequence < event.sequence ? 'doubled' : 'lost';
    findings.push({
      kind,
      text: `the host's event ${sequence} is not the ledger's ${event?.sequence}`,
    });
  });
  for (const { sequence, name } of events.slice(received.length)) {
    findings.push({ kind: 'lost', text: `the host has not got event ${sequence} (${name})` });
  }
  return findings;
}

const sameJson = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
