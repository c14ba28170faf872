import type { LoadUnit } from '../domain/books.ts';
import { readCode } from '../domain/gs1.ts';
import type { PointLoad } from '../domain/point-books.ts';
import type { DecisionPoint, Station } from '../domain/site.ts';
import { unitNamed } from './identify.ts';
import type { Work } from './work.ts';

/** A scanner that is told to read answers within this time; what comes later proves nothing. */
const confirmMs = 1_000;

interface Read {
  readonly code: string;
  readonly aim: string | undefined;
  /** It came twice at once: one read. */
  readonly repeat?: true | undefined;
}

/**
 * Whether a code is not to be believed before it is read once more: that of a load unit which has been here before, and
 * has left the site or been put aside since. It may come again; but a scanner, or what lies between, may as well have
 * kept back a code from when it stood there, and the one that stands there now has not been read. The scanner is told
 * to read again; the same code then is believed. A scanner that cannot be told to read has to be believed at once.
 */
export function isDoubted(
  work: Work,
  { device, point, scanner }: DecisionPoint,
  { scanSeq, workflow, loadUnit }: Pick<PointLoad, 'scanSeq' | 'workflow' | 'loadUnit'>,
  { code, aim, repeat }: Read,
): boolean {
  if (loadUnit !== undefined || scanner === undefined || !canBeTold(work, scanner)) return false;
  const reading = readCode(code, aim);
  if (reading.kind !== 'sscc' && reading.kind !== 'lpn') return false;
  const unit = unitNamed(work, reading);
  if (unit === undefined || !wasHere(work, unit)) return false;
  const book = work.warehouse.pointBook(device, point);
  const { doubted } = book;
  const isSame = doubted?.scanSeq === scanSeq && doubted.code === code;
  if (isSame && repeat === true) return true;
  if (isSame && work.nowMs - doubted.atMs <= confirmMs) return false;
  work.warehouse.tables.point.put({ ...book, doubted: { scanSeq, code, atMs: work.nowMs } });
  work.triggers.push(scanner);
  const text = `${unit.loadUnit} has been here before: it is read again, as its code may come late.`;
  work.explain(text, workflow, scanner, unit.loadUnit);
  return true;
}

/** Not so long ago that its code cannot come late any more, as that of what comes back from a workstation. */
function wasHere({ parts }: Work, { status, place }: LoadUnit): boolean {
  if (status !== 'present') return status !== 'announced';
  const isAside = ({ location, kind }: Station) => location === place && kind === 'rejectLane';
  return parts.topology.site.stations.some(isAside);
}

function canBeTold({ parts }: Work, scanner: DecisionPoint['scanner']): boolean {
  const found = parts.topology.site.devices.find(({ device }) => device === scanner);
  if (found?.type !== 'barcode-scanner') return false;
  const { connection, trigger } = found.settings;
  if (trigger === undefined) return false;
  return connection.kind !== 'mqtt' || connection.triggerTopic !== undefined;
}
