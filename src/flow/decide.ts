import {
  type AnyActorLogic,
  type AnyMachineSnapshot,
  type AnyStateMachine,
  initialTransition,
  transition,
} from 'xstate';
import { invariant } from '../domain/errors.ts';
import type { Intent } from '../workflows/intents.ts';

/** Everything that one event leads to in one workflow. Nothing of it has happened yet. */
export interface Decision {
  readonly next: AnyMachineSnapshot;
  /** False when the workflow has no use for the event where it stands. */
  readonly expected: boolean;
  /** What it wants, in order. */
  readonly intents: readonly Intent[];
  readonly timers: {
    readonly cancel: readonly string[];
    readonly start: readonly TimerStart[];
  };
}

interface TimerStart {
  readonly id: string;
  readonly delayMs: number;
  readonly event: { readonly type: string };
}

/** What starting `machine` with `input` leads to. Pure. */
export function begin(machine: AnyStateMachine, input: object): Decision {
  const [next, actions] = initialTransition(idle(machine), input as never);
  return toDecision(next, actions, true);
}

/** What `event` leads to in `current`. Pure: no clock, no I/O, the same answer every time. */
export function decide(
  machine: AnyStateMachine,
  current: AnyMachineSnapshot,
  event: { readonly type: string },
): Decision {
  const [next, actions] = transition(idle(machine), current, event as never);
  // What no transition takes leaves the very same snapshot.
  return toDecision(next, actions, next !== current || actions.length > 0);
}

const idleLogic = new WeakMap<AnyStateMachine, AnyActorLogic>();

/**
 * The same chart, whose start without input does nothing: that is what XState does, beside what it
 * is asked for, with every transition, and it costs several times the transition itself.
 */
function idle(machine: AnyStateMachine): AnyActorLogic {
  const known = idleLogic.get(machine);
  if (known !== undefined) return known;
  const started = machine.getInitialSnapshot({} as never, undefined as never);
  const logic: AnyActorLogic = {
    getInitialSnapshot: (scope, input) =>
      input === undefined ? started : machine.getInitialSnapshot(scope, input),
    getPersistedSnapshot: (snapshot) => snapshot,
    transition: (snapshot, event, scope) => machine.transition(snapshot, event, scope),
  };
  idleLogic.set(machine, logic);
  return logic;
}

/** From the JSON of a row to what `decide` takes. @throws when the chart has no such state */
export const restore = (machine: AnyStateMachine, snapshot: object): AnyMachineSnapshot =>
  machine.restoreSnapshot(snapshot as never, undefined as never);

/** XState hands timers over as two built-in actions, and changes of context as applied already. */
function toDecision(
  next: AnyMachineSnapshot,
  actions: readonly { readonly type: string; readonly params?: unknown }[],
  expected: boolean,
): Decision {
  invariant(next.status !== 'error', `a workflow failed: ${String(next.error)}`);
  const intents: Intent[] = [];
  const cancel: string[] = [];
  let start: TimerStart[] = [];
  for (const { type, params } of actions) {
    if (type === 'xstate.cancel') {
      const { sendId } = params as { sendId: string };
      cancel.push(sendId);
      // A state that was entered and left again within this same transition waits for nothing.
      start = start.filter(({ id }) => id !== sendId);
    } else if (type === 'xstate.raise') {
      const { id, delay, event } = params as {
        id: string;
        delay?: number;
        event: { type: string };
      };
      // Without a delay it has been raised and taken within this same transition.
      if (delay !== undefined) start.push({ id, delayMs: delay, event });
    } else {
      intents.push({ type, params } as Intent);
    }
  }
  return { next, expected, intents, timers: { cancel, start } };
}
