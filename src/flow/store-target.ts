import type { CraneRequest } from '../domain/crane-command.ts';
import { craneTravelMs } from '../domain/crane-kinematics.ts';
import { chooseDualCycle } from '../domain/dual-cycle.ts';
import type { LocationId } from '../domain/ids.ts';
import { type Candidate, retrievalBlock, type Turn } from '../domain/sequencing.ts';
import type { Aisle } from '../domain/site.ts';
import type { Work } from './work.ts';

/** Free cells that are looked for next to each retrieval. */
const cellsEach = 2;

/**
 * A putaway about to begin, into the cell that lies best for the retrieval that is to follow it. The
 * cell must be as good for the load unit as the one that it has, apart from how far it is.
 *
 * @returns the request as it is where no retrieval waits or no other cell is better
 */
export function aimStore(
  work: Work,
  aisle: Aisle,
  request: CraneRequest,
  { candidates, turn }: { readonly candidates: readonly Candidate[]; readonly turn: Turn },
): CraneRequest {
  const { loadUnit, from, to } = request;
  if (loadUnit === undefined || to === undefined || !mayAim(work, request)) return request;
  const block = retrievalBlock(candidates, turn);
  const { topology, slotting } = work.parts;
  const unit = work.unit(loadUnit);
  const near = block.flatMap((candidate) =>
    slotting.near(work.warehouse, unit, aisle, { place: candidate.request.from, count: cellsEach }),
  );
  const cells = [...new Set([to, ...near])];
  const chosen = chooseDualCycle({
    start: topology.positionOf(from),
    retrievals: block.map((candidate) => topology.positionOf(candidate.request.from)),
    cells: cells.map((cell) => topology.positionOf(cell)),
    travelMs: (a, b) => craneTravelMs(a, b, aisle.kinematics),
  });
  const next = chosen && block[chosen.retrieval]?.request;
  if (chosen === undefined || next === undefined) return request;
  const cell = cells[chosen.cell] as LocationId;
  const seconds = (chosen.lostMs / 1000).toFixed(1);
  const text = `${loadUnit} is stored in ${cell}, ${seconds} s off the way to ${next.loadUnit} at ${next.from}, which follows.`;
  work.explain(text, loadUnit, cell, next.loadUnit);
  return cell === to ? request : aimAt(work, request, cell);
}

/** Only a cell that is reserved for it can be given back for another one. */
const mayAim = (work: Work, { loadUnit, to, mayChoose }: CraneRequest): boolean =>
  mayChoose === true &&
  to !== undefined &&
  work.warehouse.tables.reservation.get(to)?.loadUnit === loadUnit;

function aimAt(work: Work, request: CraneRequest, to: LocationId): CraneRequest {
  const { loadUnit } = request;
  if (loadUnit === undefined) return request;
  const { reservation } = work.warehouse.tables;
  for (const location of work.warehouse.reservedFor(loadUnit)) reservation.remove(location);
  reservation.put({ location: to, loadUnit });
  const { workflow } = work.unit(loadUnit);
  if (workflow !== undefined) {
    work.send(workflow, { type: 'location.chosen', location: to } as never);
  }
  return { ...request, to };
}
