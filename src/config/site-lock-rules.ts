import { Routes } from '../domain/conveyor-network.ts';
import { Locks } from '../domain/locks.ts';
import type { FixedLock, Site } from '../domain/site.ts';
import { partForms, partOf } from '../domain/site-part.ts';
import { Topology } from '../domain/topology.ts';
import { networkOf, wayFindings } from './site-network-rules.ts';
import { doubles, placeNeeds, placesOf, rule, type SiteRule } from './site-rules.ts';
import type { SiteFile } from './site-schema.ts';
import type { Finding } from './yaml-file.ts';

const needs = ['locks', 'areas', 'points', 'stations', 'aisles', ...placeNeeds] as const;

/** What the file locks is there, and what it cuts off is told. */
export const lockRules: readonly SiteRule[] = [
  rule(needs, (site) => {
    if (site.locks.length === 0) return [];
    const topology = topologyOf(site, []);
    const found = site.locks.flatMap(({ part, lock }, i) => lockFindings(topology, i, part, lock));
    const named = site.locks.map(({ part }, i) => ({
      name: partOf(topology, part)?.code ?? part,
      path: ['locks', i, 'part'],
    }));
    if (found.length > 0) return found;
    return [...doubles('lock on', named), ...cutOff(site)];
  }),
];

/** Places, aisles and points are all that a part of the site is found by. */
const topologyOf = (site: SiteFile, locks: readonly FixedLock[]): Topology =>
  new Topology({ ...site, locks, hostCodes: undefined } as unknown as Site);

function lockFindings(topology: Topology, i: number, text: string, lock: string): Finding[] {
  const part = partOf(topology, text);
  if (part === undefined) {
    const message = `"${text}" cannot be locked here: name ${partForms}`;
    return [{ path: ['locks', i, 'part'], message }];
  }
  if (part.kind !== 'exit' || lock === 'both') return [];
  return [{ path: ['locks', i, 'lock'], message: `"${text}" is an exit: lock it as both` }];
}

/** Ways that there would be without the locks. */
function cutOff(site: SiteFile): Finding[] {
  const network = networkOf(site);
  const locks = new Locks(topologyOf(site, site.locks));
  const places = placesOf(site);
  const without = new Set(textsOf(wayFindings(network, new Routes(network), places)));
  const open = new Routes(network, (edge) => locks.onExit(edge) === undefined);
  return wayFindings(network, open, places)
    .filter((finding) => !without.has(textOf(finding)))
    .map(
      (finding): Finding => ({
        ...finding,
        message: `with the locks of this file, ${finding.message}`,
        severity: 'warn',
      }),
    );
}

const textOf = ({ path, message }: Finding): string => JSON.stringify([path, message]);
const textsOf = (findings: readonly Finding[]): string[] => findings.map(textOf);
