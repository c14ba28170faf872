import { coreBugs, floorBugs } from './core-bugs.ts';
import { upstreamBugs, wireBugs } from './edge-bugs.ts';
import { crashBugs } from './floor-crash-bugs.ts';
import type { PlantedBug } from './planted-bug.ts';
import { scannerBugs } from './scanner-bugs.ts';
import { stockBugs } from './stock-bugs.ts';

export const plantedBugs: readonly PlantedBug[] = [
  ...coreBugs,
  ...floorBugs,
  ...upstreamBugs,
  ...wireBugs,
  ...scannerBugs,
  ...stockBugs,
  ...crashBugs,
];

/** Bugs that are known to hurt warehouse controllers, each with those planted here that stand for it. */
interface Known {
  readonly bug: string;
  /** Ids of planted bugs. */
  readonly by: readonly string[];
}

const known = (bug: string, ...by: string[]): Known => ({ bug, by });

export const catalog: Readonly<Record<string, Known>> = {
  P1: known('a new number on a retry after a timeout', 'new-seq-for-unknown', 'start-forgotten'),
  P2: known(
    'a device is written to before the commit',
    'send-before-commit',
    'send-long-before-commit',
  ),
  P3: known('the receiver ignores the number', 'plc-ignores-seq'),
  P4: known('the PLC or the driver ignores the epoch', 'plc-ignores-epoch'),
  P5: known('the epoch is not raised at a restart', 'same-epoch'),
  P6: known('planned anew without a claim that was read back', 'no-read-back'),
  P7: known('workflow and ledger in two transactions', 'two-transactions'),
  P8: known('no fence in the ledger for the old controller', 'no-store-fence'),
  P9: known('no fence anywhere', 'no-fence-at-all'),
  P10: known('a timer in memory instead of a row', 'timer-in-memory'),
  P11: known('commits that are not synced', 'synchronous-normal', 'commits-not-synced'),
  P12: known('an event is finished by its PUBACK', 'finished-at-puback', 'sent-is-enough'),
  P13: known('events are published out of order', 'out-of-order'),
  P14: known('the outbox gives up', 'outbox-gives-up'),
  P15: known('two pumps of one outbox', 'two-pumps'),
  P16: known('a PUBACK for a command before its commit', 'puback-before-commit'),
  P17: known('check, then insert, without a unique index', 'check-then-insert'),
  P18: known('a late Modbus reply is taken', 'late-reply-taken'),
  P19: known('a 32-bit field with its words swapped', 'swapped-words', 'wrong-order-on-both-sides'),
  P20: known(
    'a write that was parked leaves after a replug',
    'parked-write',
    'scanner-closed-line-takes',
  ),
  P21: known(
    'a reservation is let go at the cancel, not at its confirmation',
    'freed-at-the-cancel',
  ),
  P22: known('bin full counts as done', 'bin-full-is-done', 'bin-full-finds-no-place'),
  P23: known('bin empty counts as success', 'bin-empty-is-done', 'bin-empty-is-no-news'),
  P24: known('a no-read inherits the code before', 'no-read-inherits'),
  P25: known('a label is printed again after a timeout', 'reprint-unknown'),
  P26: known('deadlines by the wall clock', 'wall-clock-deadlines'),
  P27: known('the books in memory are not restored after a rollback', 'no-rollback-in-memory'),
  P28: known('an inbox without a limit', 'unbounded-queue'),
  P29: known('a machine resumes by itself after a stop', 'doubt-forgotten'),
  P30: known('a write outside of the allowed registers', 'any-register', 'unguarded-line'),
  P31: known('machines wait for each other in a circle', 'circle-of-waiting'),
  P32: known('a driver that fell silent', 'swallowed-bug'),
  P33: known('the chain is not verified at the start', 'chain-not-verified'),
  P34: known('a second read by time alone', 'second-read-is-next'),
  P35: known('chance in the planner', 'chance-in-the-planner'),
  P36: known('an invariant that always says yes', 'blind-invariant'),
};
