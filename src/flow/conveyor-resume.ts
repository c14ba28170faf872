import type { DeviceId } from '../domain/ids.ts';
import type { PointBook, PointLoad } from '../domain/point-books.ts';
import type { DecisionPoint } from '../domain/site.ts';
import { awaitLoad, greet, nextAt } from './conveyor-arrivals.ts';
import { inductOf, startInduct } from './conveyor-desk.ts';
import type { Runner } from './runner.ts';
import type { Work } from './work.ts';

/**
 * A conveyor is in automatic again. A PLC that waits for its answer, however long, has told of what came
 * meanwhile, and does not tell again: it is seen to now.
 */
export function takeUpLoads(work: Work, runner: Runner, device: DeviceId): void {
  for (const point of work.parts.topology.site.points) {
    if (point.device !== device || point.role === 'arrival') continue;
    const book = work.warehouse.pointBook(device, point.point);
    const waiting = book.open.filter(({ answer, hasLeft }) => answer === undefined && !hasLeft);
    for (const load of waiting) takeUp(work, runner, point, { book, load });
  }
}

function takeUp(
  work: Work,
  runner: Runner,
  point: DecisionPoint,
  { book, load }: { readonly book: PointBook; readonly load: PointLoad },
): void {
  const { scanSeq, loadUnit = nextAt(work, point, book, load) } = load;
  // An identification point may have sent it to a station already: then it only waits for room.
  const isForwarded = load.workflow !== inductOf(point, book.era, scanSeq);
  if (point.role === 'induct' && !isForwarded) {
    // What the PLC itself read then is not kept: a person sees to it.
    return startInduct(work, runner, point, book, {
      ...{ scanSeq, read: 'arrivalOnly', answerState: 'waiting', code: '' },
      ...{ heightMm: undefined, massG: undefined },
    });
  }
  if (loadUnit !== undefined && greet(work, point, scanSeq, loadUnit)) return;
  awaitLoad(work, point, scanSeq);
}
