import { describe, expect, test } from 'vitest';
import { Topology } from '../../src/domain/topology.ts';
import { siteOf } from '../lib/several-aisles.ts';

/** Two aisles of 30 bays and 10 levels, of which hosts call the second one 7. */
const site = siteOf(2);
const codesOf = (hostCodes?: { names?: Record<string, string>; cells?: string }) =>
  new Topology({
    ...site,
    ...(hostCodes && { hostCodes: { names: {}, ...hostCodes } }),
  }).hostCodes;

const names = { 'IN-01': 'goods in', A02: '7' };
const both = codesOf({ names, cells: '{aisle}/{level}{side:12}{bay:2}' });
const cellsOnly = codesOf({ cells: '{aisle}/{level}{side:12}{bay:2}' });
const namesOnly = codesOf({ names });

test('a site has codes of its hosts as soon as it names a place or says how cells are called', () => {
  expect([codesOf().isPlain, codesOf({}).isPlain]).toEqual([true, true]);
  expect([both.isPlain, cellsOnly.isPlain, namesOnly.isPlain]).toEqual([false, false, false]);
});

describe('what hosts are told', () => {
  test.each([
    ['a place by its name', both, 'IN-01', 'goods in'],
    ['a place without one', both, 'REJECT-01', 'REJECT-01'],
    ['an aisle', both, 'A02', '7'],
    ['a cell, with the name of its aisle', both, 'A02-R-030-02-1', '7/2230'],
    ['a cell of an aisle without a name', both, 'A01-L-001-10-1', 'A01/10101'],
    ['a cell where only cells are called otherwise', cellsOnly, 'A02-L-003-01-1', 'A02/1103'],
    ['a cell where only places are', namesOnly, 'A02-L-003-01-1', 'A02-L-003-01-1'],
    ['a cell that there is not', both, 'A01-L-031-01-1', 'A01-L-031-01-1'],
  ])('is %s', (_, codes, own, code) => {
    expect(codes.of(own)).toBe(code);
    expect(codes.otherThan(own)).toBe(own === code ? undefined : code);
  });
});

describe('what hosts mean', () => {
  test.each([
    ['a place', both, 'goods in', 'IN-01'],
    ['a place without a name', both, 'REJECT-01', 'REJECT-01'],
    ['a cell', both, '7/2230', 'A02-R-030-02-1'],
    ['a cell where places have no names', cellsOnly, 'A02/1103', 'A02-L-003-01-1'],
    ['a cell where only places have names', namesOnly, 'A02-L-003-01-1', 'A02-L-003-01-1'],
    ['what is no place', both, 'T-1', 'T-1'],
    ['a bay that there is not', both, '7/2231', '7/2231'],
    ['a bay 0', both, '7/2200', '7/2200'],
    ['zeros that nobody would write', both, '7/02230', '7/02230'],
  ])('by the code of %s', (_, codes, code, own) => {
    expect(codes.meantByHost(code)).toBe(own);
  });

  test.each([
    ['IN-01', both],
    ['A02', both],
    ['A02-R-030-02-1', both],
    ['A02-L-003-01-1', cellsOnly],
  ])('is never our code of what they call otherwise: %s', (own, codes) => {
    expect(codes.meantByHost(own)).toBeUndefined();
  });

  test('in a site of one aisle may leave its name out of the codes of cells', () => {
    const single = new Topology({
      ...siteOf(1),
      hostCodes: { names: { A01: '7' }, cells: '{side}{bay}.{level}' },
    }).hostCodes;
    expect(single.of('A01-R-012-03-1')).toBe('R12.3');
    expect(single.meantByHost('R12.3')).toBe('A01-R-012-03-1');
  });
});

test.each([
  ['our code', 'IN-01', 'IN-01'],
  ['the code of hosts', 'goods in', 'IN-01'],
  ['our code of a cell', 'A02-R-030-02-1', 'A02-R-030-02-1'],
  ['the code of hosts for a cell', '7/2230', 'A02-R-030-02-1'],
  ['our code of an aisle', 'A02', 'A02'],
  ['our code, even where hosts call another place so', 'PICK-01', 'PICK-01'],
  ['what is no code', 'T-1', 'T-1'],
])('a person means by %s what it stands for', (_, code, own) => {
  expect(both.meantByPerson(code)).toBe(own);
});
