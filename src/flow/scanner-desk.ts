import type { DeviceId } from '../domain/ids.ts';
import type { PointBook } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import type { ScannerFact } from '../ports/scanner.ts';
import { whyNotAuto } from './device-modes.ts';
import { isDoubted } from './doubted-reads.ts';
import { keepEarly } from './early-reads.ts';
import type { Runner } from './runner.ts';
import { scanAtStation } from './station-desk.ts';
import type { Work } from './work.ts';

/** How long after its load has left a scanner may still send a code of it. */
const lateReadMs = 2_000;

interface Read {
  readonly code: string | undefined;
  readonly aim: string | undefined;
  readonly repeat?: true;
}

/** A read belongs to what stands before the scanner: an identification point or a workstation. */
export function onScannerFact(work: Work, runner: Runner, fact: ScannerFact): void {
  const { device } = fact;
  switch (fact.type) {
    case 'scanner.online':
      return work.parts.equipment.setScanner(device, undefined);
    case 'scanner.offline':
      return work.parts.equipment.setScanner(device, fact.reason);
    case 'scanner.noRead':
      return onRead(work, runner, device, { code: undefined, aim: undefined });
    case 'scanner.read':
      return onRead(work, runner, device, fact);
  }
}

function onRead(work: Work, runner: Runner, device: DeviceId, read: Read): void {
  // Shown to who looks at the scanner, and not acted on.
  if (whyNotAuto(work, device) !== undefined) return;
  const { site } = work.parts.topology;
  const point = site.points.find(({ scanner }) => scanner === device);
  if (point !== undefined) return atPoint(work, point, read);
  const station = site.stations.find(({ scanner }) => scanner === device)?.location;
  const { code, aim, repeat } = read;
  if (station === undefined || code === undefined) return;
  if (repeat) return work.explain('Read twice at once: the second read does nothing.', device);
  scanAtStation(work, runner, { station, code, aim });
}

/** To the load that stands there; to the next one, when it was faster than the PLC's word of the arrival. */
function atPoint(work: Work, point: DecisionPoint, { code, aim, repeat }: Read): void {
  const book = work.warehouse.pointBook(point.device, point.point);
  const waiting = book.open.find(({ answer }) => answer === undefined);
  if (code !== undefined && isDuplicate(book, code, waiting?.scanSeq, work.nowMs)) {
    const text = `Read again, of the load before (scan ${book.lastRead?.scanSeq}): a duplicate.`;
    return work.explain(text, point.scanner, waiting?.workflow);
  }
  if (waiting === undefined) return keepEarly(work, book, { code, aim });
  if (code !== undefined && isDoubted(work, point, waiting, { code, aim, repeat })) return;
  const { scanSeq, workflow } = waiting;
  const lastRead = code === undefined ? book.lastRead : { scanSeq, code };
  work.warehouse.tables.point.put({ ...book, lastRead });
  work.send(workflow, { type: 'unit.read', code, aim } as never);
}

/**
 * Whether a code is the last one, read again of the same load: while that one stands there, and
 * shortly after it has left, unless something else waits already. All else is a load that has come again.
 */
function isDuplicate(
  { lastRead, open }: PointBook,
  code: string,
  waiting: number | undefined,
  nowMs: number,
): boolean {
  if (lastRead?.code !== code || lastRead.scanSeq === waiting) return false;
  const { scanSeq, leftAtMs } = lastRead;
  if (leftAtMs !== undefined) return waiting === undefined && nowMs - leftAtMs <= lateReadMs;
  return open.some((load) => load.scanSeq === scanSeq);
}
