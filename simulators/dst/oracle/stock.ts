import type { Evidence } from '../evidence.ts';
import { invariantOf } from './invariant.ts';
import { isOpenAir, roomOf } from './places.ts';
import { all, type Body, bodiesOf, doubles, questionsOf, text } from './rows.ts';

const units = ({ db }: Evidence): readonly Body[] => bodiesOf(db, 'load_unit');
const isInside = ({ status }: Body): boolean => status !== 'announced' && status !== 'gone';

/** Steps of each load unit join: it leaves from where it came to, and stands where the last one ended. */
export const conservation = invariantOf(
  'I1',
  'Nothing appears or vanishes: every load unit and all goods have come from somewhere',
  [],
  (evidence) => {
    const found: string[] = [];
    const places = new Map<string, string>();
    for (const row of all(evidence.db, 'SELECT * FROM movement ORDER BY no')) {
      const [unit, from, to] = ['load_unit', 'from_id', 'to_id'].map((name) => String(row[name]));
      const was = places.get(unit ?? '') ?? 'OUTSIDE';
      if (was !== from)
        found.push(`movement ${row['no']} takes ${unit} from ${from}, and it was at ${was}`);
      places.set(unit ?? '', to ?? '');
    }
    for (const unit of units(evidence)) {
      const [name = '', place] = [text(unit, 'loadUnit'), text(unit, 'place')];
      const ends = places.get(name) ?? 'OUTSIDE';
      if (ends !== place)
        found.push(`${name} is booked at ${place}, and its movements end at ${ends}`);
      places.delete(name);
    }
    for (const [name, place] of places)
      found.push(`${name} was moved to ${place}, and is in no book`);
    return [...found, ...goods(evidence)];
  },
);

/** Quantity by SKU of the load units that are here. */
function quantities(rows: Iterable<Body | undefined>): Map<string, number> {
  const sums = new Map<string, number>();
  for (const row of rows) {
    if (row === undefined || !isInside(row)) continue;
    for (const { sku, qty } of (row['lines'] ?? []) as { sku: string; qty: number }[]) {
      sums.set(sku, (sums.get(sku) ?? 0) + qty);
    }
  }
  return sums;
}

const explaining = new Set(['adjusted', 'counted', 'received', 'shipped', 'lost', 'found']);

/** Goods change in sum only where a host is told of it, or a load unit comes in or leaves. */
function goods({ commits = [] }: Evidence): string[] {
  const known = new Map<string, Body>();
  return commits.flatMap(({ commit, outcome, step }) => {
    if (outcome === 'failed') return [];
    const changed = commit.rows.loadUnit as readonly [string, Body | undefined][];
    const crossed = new Set(
      commit.movements.flatMap(({ from, to, loadUnit }) =>
        from === 'OUTSIDE' || to === 'OUTSIDE' ? [loadUnit as string] : [],
      ),
    );
    // What was outside before has left with the movement that took it there.
    const isOutside = (name: string) => known.get(name)?.['place'] === 'OUTSIDE';
    const staying = changed.filter(([name]) => !crossed.has(name) && !isOutside(name));
    const before = quantities(staying.map(([name]) => known.get(name)));
    const after = quantities(staying.map(([, row]) => row));
    for (const [name, row] of changed) if (row !== undefined) known.set(name, row);
    const told = commit.events.some(({ data }) => explaining.has(String((data as Body)['kind'])));
    return [...new Set([...before.keys(), ...after.keys()])].flatMap((sku) => {
      const [was = 0, is = 0] = [before.get(sku), after.get(sku)];
      return was === is || told
        ? []
        : [`step ${step} makes ${is} of ${was} ${sku}, and tells nobody why`];
    });
  });
}

export const onePlace = invariantOf(
  'I2',
  'One load unit is in one place: no code belongs to two that are here',
  [],
  (evidence) => {
    const here = units(evidence).filter(isInside);
    const codes = here.flatMap((unit) =>
      ['lpn', 'sscc'].flatMap((kind) => {
        const code = text(unit, kind);
        return code === undefined ? [] : [{ code, unit }];
      }),
    );
    const at = (unit: Body) => `${unit['loadUnit']} at ${unit['place']}`;
    const handles = doubles(here, ({ handle }) => String(handle));
    return [
      ...doubles(codes, ({ code }) => code).map(
        ([code, both]) => `${code} is ${both.map(({ unit }) => at(unit)).join(' and ')}`,
      ),
      ...handles.map(([handle, both]) => `PLCs know ${both.map(at).join(' and ')} as ${handle}`),
    ];
  },
);

export const roomFor = invariantOf(
  'I3',
  'No place is promised to more than it has room for',
  [],
  (evidence) => {
    const { site, db } = evidence;
    const held = new Map<string, string[]>();
    const add = (place: string, name: string) =>
      held.set(place, [...(held.get(place) ?? []), name]);
    for (const unit of units(evidence)) {
      if (isInside(unit)) add(String(unit['place']), String(unit['loadUnit']));
    }
    for (const row of bodiesOf(db, 'reservation')) {
      const [place, name] = [String(row['location']), String(row['loadUnit'])];
      if (!held.get(place)?.includes(name)) add(place, `${name} on its way`);
    }
    return [...held].flatMap(([place, names]) => {
      const room = roomOf(site, place);
      if (room === undefined)
        return [`${names.join(', ')} is at ${place}, which the site does not have`];
      return names.length > room ? [`${place} has room for ${room}, and ${names.join(', ')}`] : [];
    });
  },
);

/** Places in steel that stand for nowhere in the books. */
const inside = (place: string | undefined): string =>
  place === undefined || place === 'MISSING' ? 'OUTSIDE' : place;

export const asInSteel = invariantOf(
  'I6',
  'At rest the books say what the steel says, or a person is asked about the difference',
  ['truth'],
  (evidence) => {
    const { truth, db, isAtRest } = evidence;
    if (!isAtRest) return [];
    const isAsked = askedOf(evidence);
    const seen = new Set<string>();
    const rows = units(evidence).filter(({ status }) => status !== 'announced');
    const found = rows.flatMap((unit) => {
      const [name = '', place = ''] = [text(unit, 'loadUnit'), text(unit, 'place')];
      const codes = [text(unit, 'lpn'), unit['sscc'] && `00${unit['sscc']}`];
      const bearing = truth.totes.filter((tote) => tote.codes.some((code) => codes.includes(code)));
      // Another one may have got its plate after this one had left: it is this one, where the books have it so, else it
      // has to be that one in them. What is inside bears the plate now, or bore it until it was torn off there.
      const named =
        bearing.find(({ location }) => inside(location) === inside(place)) ??
        bearing.find(({ location }) => !isOpenAir(location)) ??
        truth.totes.find(
          ({ location, torn = [] }) => location === place && torn.some((it) => codes.includes(it)),
        ) ??
        bearing[0];
      // What nobody can read is whoever stands there.
      const tote =
        named ?? truth.totes.find(({ location, id }) => location === place && !seen.has(id));
      if (tote !== undefined) seen.add(tote.id);
      const steel = inside(tote?.location);
      if (steel === inside(place) || isAsked(name, [place, steel])) return [];
      return [`${name} is booked at ${place}, and stands at ${tote?.location ?? 'no place'}`];
    });
    const strange = truth.totes.flatMap(({ id, location, codes }) => {
      if (seen.has(id) || isOpenAir(location) || isAsked(undefined, [location])) return [];
      return [`tote ${id} (${codes}) stands at ${location}, and is in no book`];
    });
    const open = all(
      db,
      "SELECT mission FROM mission WHERE verdict = 'unknown' AND moving IS NOT NULL",
    );
    return open.length > 0 && questionsOf(db).length > 0 ? strange : [...found, ...strange];
  },
);

/** Whether an open question is about a load unit, one of the places, or the machine that they belong to. */
function askedOf({ db, site }: Evidence) {
  const open = questionsOf(db);
  const machines = new Map<string, Set<string>>();
  const belongs = (device: string, place: string) =>
    machines.set(device, (machines.get(device) ?? new Set()).add(place));
  for (const { crane, lhd, lhd2, stations } of site.aisles) {
    for (const place of [lhd, lhd2, ...stations.map(({ location }) => location)]) {
      if (place !== undefined) belongs(crane, place);
    }
  }
  for (const { device, at, exits } of site.points) {
    for (const place of [at, ...exits.map(({ to }) => to)]) belongs(device, place);
  }
  return (name: string | undefined, places: readonly string[]) =>
    open.some(
      (question) =>
        (name !== undefined && question['loadUnit'] === name) ||
        places.some(
          (place) =>
            question['location'] === place ||
            machines.get(String(question['device']))?.has(place) === true,
        ),
    );
}

export const noCollision = invariantOf(
  'I10',
  'No two load units are sent into one place of a machine',
  ['truth'],
  ({ truth }) =>
    truth.violations.filter(({ kind }) => kind === 'collision').map(({ detail }) => detail),
);
