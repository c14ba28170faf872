import { readCode } from '../domain/gs1.ts';
import type { PointLoad } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
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
 * Whether a code is not to be believed before it is read once more: that of a load unit which has left the site. It may
 * come again; but a scanner, or what lies between, may as well have kept back a code from when it stood there, and the
 * one that stands there now has not been read. The scanner is told to read again; the same code then is believed.
 * A scanner that cannot be told to read has to be believed at once.
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
  if (unit?.status !== 'gone') return false;
  const book = work.warehouse.pointBook(device, point);
  const { doubted } = book;
  const isSame = doubted?.scanSeq === scanSeq && doubted.code === code;
  if (isSame && repeat === true) return true;
  if (isSame && work.nowMs - doubted.atMs <= confirmMs) return false;
  work.warehouse.tables.point.put({ ...book, doubted: { scanSeq, code, atMs: work.nowMs } });
  work.triggers.push(scanner);
  const text = `${unit.loadUnit} had left: it is read again, as its code may come late.`;
  work.explain(text, workflow, scanner, unit.loadUnit);
  return true;
}

function canBeTold({ parts }: Work, scanner: DecisionPoint['scanner']): boolean {
  const found = parts.topology.site.devices.find(({ device }) => device === scanner);
  if (found?.type !== 'barcode-scanner') return false;
  const { connection, trigger } = found.settings;
  if (trigger === undefined) return false;
  return connection.kind !== 'mqtt' || connection.triggerTopic !== undefined;
}
