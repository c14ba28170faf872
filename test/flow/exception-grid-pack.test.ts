import { testStationGrid } from '../lib/station-grid.ts';

// Each phase of a pack order: from the pick before it to the hand-over.
testStationGrid('pack');
