import { readFileSync } from 'node:fs';
import { readSite } from '../../src/config/read-site.ts';
import type { LoadUnit, StockLine } from '../../src/domain/books.ts';
import type { LoadUnitId, LocationId, Sku, Sscc } from '../../src/domain/ids.ts';
import type { Aisle, Site } from '../../src/domain/site.ts';
import { cellCode, Topology } from '../../src/domain/topology.ts';

const file = 'config/sites/demo.yaml';
export const demoSite: Site = readSite(file, readFileSync(file, 'utf8'));
export const demoTopology = new Topology(demoSite);
export const demoAisle = demoSite.aisles[0] as Aisle;

export const id = (text: string) => text as LoadUnitId;
export const at = (text: string) => text as LocationId;
export const sku = (text: string) => text as Sku;

/** The cell of the demo site's aisle at level 1, left side. */
export const cell = (bay: number, level = 1, side: 'L' | 'R' = 'L'): LocationId =>
  cellCode('A01', { side, bay, level, depth: 1 });

export const stock = (name: string, qty: number, more: Partial<StockLine> = {}): StockLine => ({
  sku: sku(name),
  qty,
  stockStatus: 'available',
  ...more,
});

let handles = 0;

/** A load unit that stands in the warehouse and that nobody wants. */
export const loadUnit = (
  name: string,
  place: LocationId,
  more: Partial<LoadUnit> = {},
): LoadUnit => ({
  loadUnit: id(name),
  handle: ++handles,
  lpn: name,
  sscc: undefined as Sscc | undefined,
  type: 'TOTE-600',
  lines: [],
  status: 'present',
  place,
  toldPlace: place,
  confidence: 'sensed',
  movedNo: 0,
  receivedNo: 0,
  ...more,
});
