import type { Clock } from '../src/ports/clock.ts';
import type { FaultBoard } from './fault-board.ts';

/** What goes wrong, or right again, at a time. */
export interface ScenarioStep {
  /** Real seconds since the scenario has begun. */
  readonly atS: number;
  readonly device: string;
  readonly fault: string;
  readonly on: boolean;
  /** Over by itself after so many seconds. */
  readonly forS?: number | undefined;
  readonly with?: Readonly<Record<string, number>> | undefined;
}

export interface Scenario {
  readonly doc: string;
  readonly steps: readonly ScenarioStep[];
}

/**
 * Switches faults as a scenario says.
 *
 * @param tell  told of each step as it is done
 * @returns     ends it: no step comes any more, and what it has switched on is switched off
 */
export function playScenario(
  { steps }: Scenario,
  board: FaultBoard,
  clock: Clock,
  tell: (step: ScenarioStep) => void,
): () => void {
  const pending = steps.map((step) =>
    clock.after(step.atS * 1_000, () => {
      const forMs = step.on && step.forS !== undefined ? step.forS * 1_000 : undefined;
      board.set(step.device, step.fault, { on: step.on, forMs, values: step.with ?? {} });
      tell(step);
    }),
  );
  return () => {
    for (const cancel of pending) cancel();
    const touched = new Map(
      steps.map(({ device, fault }) => [`${device} ${fault}`, { device, fault }]),
    );
    for (const { device, fault } of touched.values()) board.clear(device, fault);
  };
}
