import { testStationGrid } from '../lib/station-grid.ts';

// Each phase of a pick order: from the load unit in its cell to its way back.
testStationGrid('pick');
