import { type Loop, loopsOf } from './conveyor-loops.ts';
import type { DeviceId, LocationId } from './ids.ts';
import type { DecisionPoint, Site } from './site.ts';

/** One way from a place to the next: an exit of the decision point at its end. */
export interface Edge {
  readonly device: DeviceId;
  readonly point: number;
  readonly exit: number;
  readonly from: LocationId;
  readonly to: LocationId;
  /** Milliseconds, > 0. */
  readonly costMs: number;
  readonly isDefault: boolean;
}

/** What a load unit takes for each place of where it goes, where the site file does not say. */
const costPerPlaceMs = 1_500;

/** Names an exit in closures and messages: `conveyor-1/3/2`. */
export const edgeKey = ({ device, point, exit }: Pick<Edge, 'device' | 'point' | 'exit'>): string =>
  `${device}/${point}/${exit}`;

/**
 * The conveyors of a site as a directed graph. Nodes are places, edges are the exits of decision points.
 * A way leads through conveyor segments only: at every other place it begins or ends.
 */
export class ConveyorNetwork {
  readonly edges: readonly Edge[];
  readonly #outOf = new Map<LocationId, Edge[]>();
  readonly #into = new Map<LocationId, Edge[]>();
  readonly #segments: ReadonlySet<LocationId>;
  readonly #loops: readonly Loop[];
  readonly #loopOf = new Map<LocationId, Loop>();

  constructor({ points, stations, aisles }: Pick<Site, 'points' | 'stations' | 'aisles'>) {
    const places = [...stations, ...aisles.flatMap((aisle) => aisle.stations)];
    const capacities = new Map(places.map(({ location, capacity }) => [location, capacity]));
    this.#segments = new Set(
      stations.flatMap(({ kind, location }) => (kind === 'segment' ? [location] : [])),
    );
    // From an arrival the crane takes over.
    this.edges = points
      .filter(({ role }) => role !== 'arrival')
      .flatMap((point) => edgesOf(point, capacities));
    for (const edge of this.edges) {
      addTo(this.#outOf, edge.from, edge);
      addTo(this.#into, edge.to, edge);
    }
    const capacityOf = (place: LocationId) => capacities.get(place) ?? 1;
    this.#loops = loopsOf([...this.#segments], (place) => this.#segmentsAfter(place), capacityOf);
    for (const loop of this.#loops) {
      for (const segment of loop.segments) this.#loopOf.set(segment, loop);
    }
  }

  #segmentsAfter(place: LocationId): LocationId[] {
    return this.outOf(place).flatMap(({ to }) => (this.isSegment(to) ? [to] : []));
  }

  outOf(place: LocationId): readonly Edge[] {
    return this.#outOf.get(place) ?? [];
  }

  into(place: LocationId): readonly Edge[] {
    return this.#into.get(place) ?? [];
  }

  /** The loops of the site, each as a whole: segments from which ways lead back to where they began. */
  get loops(): readonly Loop[] {
    return this.#loops;
  }

  loopOf(place: LocationId): Loop | undefined {
    return this.#loopOf.get(place);
  }

  /** Whether a way may lead through a place. */
  isSegment(place: LocationId): boolean {
    return this.#segments.has(place);
  }
}

const edgesOf = (
  { device, point, at, exits }: DecisionPoint,
  capacities: ReadonlyMap<LocationId, number>,
): Edge[] =>
  exits.map(({ exit, to, isDefault, costMs }) => ({
    ...{ device, point, exit, from: at, to, isDefault },
    costMs: costMs ?? costPerPlaceMs * (capacities.get(to) ?? 1),
  }));

function addTo(index: Map<LocationId, Edge[]>, place: LocationId, edge: Edge): void {
  const known = index.get(place);
  if (known === undefined) index.set(place, [edge]);
  else known.push(edge);
}

/** All ways to one place. */
export interface RouteTable {
  /** Milliseconds from a place, 0 from the destination itself; undefined: no way is open. */
  costFrom(place: LocationId): number | undefined;
  /** Exits at a place by which it is reached, the cheapest way first. */
  exitsFrom(place: LocationId): readonly Edge[];
  /** Loops that the cheapest way from a place leads over, that of the place itself included. */
  loopsFrom(place: LocationId): readonly Loop[];
}

/**
 * Cheapest ways over the edges that are open, by Dijkstra backwards from each destination. A table is made when
 * it is first asked for, and a step looks up one row of it. When an edge opens or closes, a new `Routes` is made.
 */
export class Routes {
  readonly #network: ConveyorNetwork;
  readonly #isOpen: (edge: Edge) => boolean;
  readonly #tables = new Map<LocationId, RouteTable>();

  constructor(network: ConveyorNetwork, isOpen: (edge: Edge) => boolean = () => true) {
    this.#network = network;
    this.#isOpen = isOpen;
  }

  to(destination: LocationId): RouteTable {
    const known = this.#tables.get(destination);
    if (known !== undefined) return known;
    const table = this.#tableTo(destination);
    this.#tables.set(destination, table);
    return table;
  }

  #tableTo(destination: LocationId): RouteTable {
    const costs = this.#costsTo(destination);
    const exits = new Map<LocationId, Edge[]>();
    for (const edge of this.#network.edges) {
      if (this.#leadsOn(edge, destination, costs)) addTo(exits, edge.from, edge);
    }
    const costBy = ({ costMs, to }: Edge) => costMs + (costs.get(to) ?? 0);
    for (const ranked of exits.values()) ranked.sort((a, b) => costBy(a) - costBy(b));
    const exitsFrom = (place: LocationId) => exits.get(place) ?? [];
    const loops = new Map<LocationId, readonly Loop[]>();
    return {
      costFrom: (place) => costs.get(place),
      exitsFrom,
      loopsFrom: (place) => {
        const known = loops.get(place) ?? this.#loopsOn(wayFrom(place, exitsFrom));
        loops.set(place, known);
        return known;
      },
    };
  }

  #loopsOn(way: readonly LocationId[]): Loop[] {
    return [...new Set(way.flatMap((place) => this.#network.loopOf(place) ?? []))];
  }

  #leadsOn(edge: Edge, destination: LocationId, costs: ReadonlyMap<LocationId, number>): boolean {
    const isThrough = edge.to === destination || this.#network.isSegment(edge.to);
    return isThrough && costs.has(edge.to) && edge.from !== destination && this.#isOpen(edge);
  }

  #costsTo(destination: LocationId): Map<LocationId, number> {
    const settled = new Map<LocationId, number>();
    const frontier = new Map<LocationId, number>([[destination, 0]]);
    for (;;) {
      const next = nearest(frontier);
      if (next === undefined) return settled;
      const [place, cost] = next;
      frontier.delete(place);
      settled.set(place, cost);
      if (place !== destination && !this.#network.isSegment(place)) continue;
      for (const edge of this.#network.into(place)) {
        if (settled.has(edge.from) || !this.#isOpen(edge)) continue;
        const known = frontier.get(edge.from) ?? Number.POSITIVE_INFINITY;
        frontier.set(edge.from, Math.min(known, cost + edge.costMs));
      }
    }
  }
}

function wayFrom(
  place: LocationId,
  exitsFrom: (place: LocationId) => readonly Edge[],
): LocationId[] {
  const way = [place];
  for (let [edge] = exitsFrom(place); edge !== undefined; [edge] = exitsFrom(edge.to)) {
    way.push(edge.to);
  }
  return way;
}

function nearest(frontier: ReadonlyMap<LocationId, number>): [LocationId, number] | undefined {
  let best: [LocationId, number] | undefined;
  for (const entry of frontier) if (best === undefined || entry[1] < best[1]) best = entry;
  return best;
}
