import { compareSteel, type Finding, ranTwice } from '../../simulators/tally.ts';
import { type LocationId, OUTSIDE } from '../domain/ids.ts';
import type { VirtualSite } from './virtual-site.ts';

/** Places in the books only, which hold any number. */
const openAir: ReadonlySet<string> = new Set(['OUTSIDE', 'MISSING', 'CLARIFICATION']);

/**
 * What must hold when a day is over, found out from outside of the flow: from the steel, from what the
 * host was told, and from the rows that were committed.
 *
 * @returns what does not hold, in sentences; empty when all is well
 */
export function judgeDay(site: VirtualSite): Finding[] {
  const { flow, plant, people } = site;
  const { warehouse } = flow;
  const units = [...warehouse.tables.loadUnit.values()].filter(({ place }) => place !== OUTSIDE);
  const present = units.map(({ loadUnit, place, lpn, sscc }) => ({
    ...{ loadUnit, place },
    codes: [lpn, sscc && `00${sscc}`].filter((code) => code !== undefined),
  }));
  const { world } = plant.model;
  const truth = world.truth();
  return [
    ...compareSteel({ ...truth, totes: [...truth.totes, ...people.tables()] }, present),
    ...ranTwice(world.executions()),
    ...overfull(site, units),
    ...wrongContents(site),
    ...hostDiffers(site),
    ...unfinished(site),
  ];
}

/** No place holds more than there is room for. */
function overfull(
  { topology }: VirtualSite,
  units: readonly { readonly place: LocationId }[],
): Finding[] {
  const counts = new Map<LocationId, number>();
  for (const { place } of units) counts.set(place, (counts.get(place) ?? 0) + 1);
  return [...counts]
    .filter(([place, count]) => !openAir.has(place) && count > topology.capacityOf(place))
    .map(([place, count]) => ({ kind: 'doubled', text: `${place} holds ${count} in the books` }));
}

/**
 * The books have in each load unit what really lies in it; or what its papers said when it came, as long as nobody
 * has counted it.
 */
function wrongContents({ flow, contents }: VirtualSite): Finding[] {
  return [...flow.warehouse.tables.loadUnit.values()].flatMap(({ loadUnit, lpn, place, lines }) => {
    const name = lpn ?? loadUnit;
    const really = contents.of(name);
    if (really === undefined || place === OUTSIDE) return [];
    const skus = new Set([...really.keys(), ...lines.map(({ sku }) => sku as string)]);
    return [...skus].flatMap((sku): Finding[] => {
      const booked = lines.reduce((sum, line) => sum + (line.sku === sku ? line.qty : 0), 0);
      const surplus = (really.get(sku) ?? 0) - booked;
      const papers = contents.wrong.get(name);
      const isUnseen = papers?.sku === sku && papers.surplus === surplus;
      if (surplus === 0 || isUnseen) return [];
      const text = `${loadUnit} holds ${booked} x ${sku} in the books, and ${booked + surplus} really`;
      return [{ kind: surplus < 0 ? 'lost' : 'doubled', text }];
    });
  });
}

/** The host has booked every event, in order, and has each load unit where the books say it was told. */
function hostDiffers({ host, store, flow, topology }: VirtualSite): Finding[] {
  const findings: Finding[] = host.findings.map((text) => ({ kind: 'lost', text }));
  if (host.through !== store.lastSequence()) {
    const text = `the host has booked ${host.through} of ${store.lastSequence()} events`;
    findings.push({ kind: 'lost', text });
  }
  const { loadUnit: table } = flow.warehouse.tables;
  for (const [loadUnit, place] of host.stock) {
    const toldPlace = table.get(loadUnit as never)?.toldPlace;
    const told = toldPlace && topology.hostCodes.of(toldPlace);
    if (told === place) continue;
    findings.push({
      kind: 'lost',
      text: `${loadUnit} is at ${place} for the host, not at ${told}`,
    });
  }
  const inside = [...table.values()].filter(({ toldPlace }) => toldPlace !== OUTSIDE).length;
  if (inside !== host.stock.size) {
    const text = `the host has ${host.stock.size} load units, and was told of ${inside}`;
    findings.push({ kind: 'lost', text });
  }
  return findings;
}

/** Every order has ended or is with a person, and nothing is under way. */
function unfinished({ flow }: VirtualSite): Finding[] {
  const { warehouse } = flow;
  const asked = [...warehouse.openDiscrepancies()];
  const orders = [...warehouse.openOrders()].filter(({ status }) => status !== 'needsOperator');
  const workflows = [...warehouse.tables.workflow.values()].filter(
    ({ workflow }) => !asked.some((open) => open.workflow?.endsWith(workflow)),
  );
  return [
    ...orders.map(({ order, status, reasons }) => {
      const why = reasons.map(({ detail }) => detail).join(', ');
      return `${order} is ${status}, and nobody is asked${why && `: ${why}`}`;
    }),
    ...workflows.map(({ workflow }) => `${workflow} has not ended, and nobody is asked`),
  ].map((text) => ({ kind: 'unresolved', text }));
}
