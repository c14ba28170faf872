import type { LoadUnit } from '../domain/books.ts';
import type { MissionChecks, MissionLoad } from '../domain/crane-command.ts';
import type { LocationId } from '../domain/ids.ts';
import type { Aisle, Site } from '../domain/site.ts';
import type { Topology } from '../domain/topology.ts';

/** What the PLC of a crane is told of a load unit, and what it is to look at: by the site file and the books. */
export function missionContent(
  topology: Topology,
  { checks }: Aisle,
  unit: LoadUnit,
  from: LocationId,
): MissionLoad & MissionChecks {
  const { handle: loadHandle, massKg, heightMm, type } = unit;
  const code = unit.status === 'present' ? codeOf(unit, checks.code) : undefined;
  const { loadUnitTypes } = topology.site;
  return {
    loadHandle,
    loadType: loadUnitTypes.find((known) => known.code === type)?.number,
    heightClass: heightMm === undefined ? undefined : heightClassOf(topology.site, heightMm),
    massKg: massKg === undefined ? undefined : Math.ceil(massKg),
    code,
    // Without a code there is nothing to compare with, and the crane would refuse its own load.
    verifyCode: code !== undefined,
    probeDestination: checks.probeDestination,
    sourceMayBeEmpty: topology.placeOf(from).kind === 'cell' && isHearsay(unit),
  };
}

function codeOf({ lpn, sscc }: LoadUnit, kind: Aisle['checks']['code']): string | undefined {
  if (kind === 'lpn') return lpn;
  // As a reader of GS1-128 gives it: with its application identifier.
  return kind === 'sscc' && sscc !== undefined ? `00${sscc}` : undefined;
}

/** The lowest class that it fits into. */
const heightClassOf = ({ heightClasses }: Site, heightMm: number): number | undefined =>
  heightClasses.find(({ heightMaxMm }) => heightMm <= heightMaxMm)?.number;

/** No device has told that it is there. */
const isHearsay = ({ confidence }: LoadUnit): boolean =>
  confidence === 'inferred' || confidence === 'disputed';
