import { craneFaults } from '../../simulators/asrs-crane/faults.ts';
import type { Crane } from '../../simulators/asrs-crane/model.ts';
import { conveyorFaults } from '../../simulators/conveyor/faults.ts';
import type { Conveyor } from '../../simulators/conveyor/model.ts';
import { checkedValues, type Faults, type FaultValues } from '../../simulators/lib/fault.ts';
import type { Moment } from '../../simulators/lib/plc-link.ts';
import type { Act } from '../../simulators/lib/plc-view.ts';

/** Switches a fault of a crane that no plant runs. */
export function failCrane(crane: Crane, name: string, isOn: boolean, now: Moment): void {
  const act: Act = (change) => change(now);
  change(craneFaults(crane, act, act), name, isOn, {});
}

/** Switches a fault of a conveyor that no plant runs. */
export function failConveyor(
  conveyor: Conveyor,
  name: string,
  isOn: boolean,
  now: Moment,
  values: FaultValues,
): void {
  const act: Act = (change) => change(now);
  change(conveyorFaults(conveyor, act, act), name, isOn, values);
}

function change(faults: Faults, name: string, isOn: boolean, values: FaultValues): void {
  const fault = faults[name];
  if (fault === undefined) throw new Error(`there is no fault ${name}`);
  fault.set(isOn, checkedValues(name, fault, values));
}
