import { describe, expect, test } from 'vitest';
import { runCell } from '../lib/exception-grid.ts';
import { abortException, type Exception, type Way } from '../lib/floor-exceptions.ts';
import { conveyorExceptions, infeedExceptions } from '../lib/floor-exceptions-more.ts';

// Each way in which people may end what is in question: taken out, put onto the infeed again, or left
// where it is and named. Whatever they choose, everything comes to rest and the books equal the steel.
const cells: readonly (readonly [string, Exception, Way, string])[] = [
  ['contour', abortException('contour', false), 'putaway', 'carrying'],
  ['overweight', abortException('overweight', false), 'retrieval', 'picked'],
  ['codeMismatch', abortException('codeMismatch', false), 'retrieval', 'picked'],
  ['binEmpty', abortException('binEmpty', false), 'putaway', 'picking'],
  ['loadLost', abortException('loadLost', true), 'retrieval', 'carrying'],
  ['exitFull', conveyorExceptions.exitFull, 'putaway', 'answered'],
  ['exitDown', conveyorExceptions.exitDown, 'retrieval', 'atDivert'],
  ['jammed', conveyorExceptions.jammed, 'retrieval', 'atDivert'],
  ['noRead', infeedExceptions.noRead, 'putaway', 'arrived'],
  ['codeOfAnother', infeedExceptions.codeOfAnother, 'putaway', 'arrived'],
  ['labelUnknownNotOut', infeedExceptions.labelUnknownNotOut, 'putaway', 'printing'],
];

describe.each(cells)('%s', (_, exception, way, phase) => {
  test.each(['removed', 'putBack', 'placed'] as const)('%s', async (habit) => {
    const { broken, rig } = await runCell(way, phase, exception, habit);
    expect(broken).toEqual([]);
    // What nobody can read comes back to the same question, until somebody takes it out.
    const isUnreadable = phase === 'arrived' && habit === 'putBack';
    expect(rig.asked).toEqual(isUnreadable ? ['REJECTED'] : []);
    if (way === 'retrieval') expect(rig.flow.books.order('SO-1')?.status).toBe('completed');
  });
});
