import type { DatabaseSync } from 'node:sqlite';
import type { Site } from '../../src/domain/site.ts';
import type { HostCommand, OperatorAct, OperatorOutcome } from '../../src/ports/intake.ts';
import type { Commit } from '../../src/ports/store.ts';
import type { Execution, Truth } from '../world/world.ts';

/** One thing that was seen to happen, in the one order in which all of it happened. */
export interface Happened {
  /** Rises with everything that is noted, whatever it is: what came before what. */
  readonly step: number;
  /** Monotonic time of the simulation, milliseconds. */
  readonly atMs: number;
  /** Which start of the controller it was, from 1. */
  readonly generation: number;
}

/** One access of the controller to the registers of a PLC, noted where it leaves the controller. */
export interface FrameSeen extends Happened {
  readonly device: string;
  /** Number of the connection, never used again. */
  readonly connection: number;
  /** `write`: what was sent. `read`: what was answered, which has reached the controller. */
  readonly kind: 'read' | 'write';
  /** First register, zero-based. */
  readonly address: number;
  readonly words: readonly number[];
  /** Wall clock of the controller, UTC milliseconds. */
  readonly wallMs: number;
}

/** A frame that a PLC has acted on, noted where the PLC has done so; of no generation, as nobody signs what arrives. */
export interface TakenSeen extends Happened {
  readonly device: string;
  /** First register, zero-based. */
  readonly address: number;
  readonly words: readonly number[];
  /** Epoch that the PLC had accepted before; 0 where it knew of none, or has lost its memory. */
  readonly accepted: number;
}

/** A deadline that the store has given out as overdue. */
export interface OverdueSeen extends Happened {
  readonly workflow: string;
  readonly timer: string;
  /** By the wall clock of the controller, UTC milliseconds. */
  readonly dueMs: number;
  /** What that clock showed. */
  readonly wallMs: number;
}

/** One attempt to commit; noted when the store has answered. */
export interface CommitSeen extends Happened {
  readonly commit: Commit;
  /** `unknown`: it is on disk, and the controller was told that it failed, or died before it heard. */
  readonly outcome: 'done' | 'failed' | 'unknown';
}

/** What a host was answered, noted where the answer leaves the controller. */
export interface ReplySeen extends Happened {
  readonly command: HostCommand;
  readonly reply: {
    readonly result: string;
    readonly error?: { readonly code: string } | undefined;
  };
}

/** What a person has done on a page, and what the page said. */
export interface ActSeen extends Happened {
  readonly act: OperatorAct;
  readonly outcome: OperatorOutcome;
}

/** What a client sends to the broker, where it leaves it: a message, or the PUBACK of one that it has got. */
export interface MessageLeft {
  readonly clientId: string;
  /** Number of the connection, never used again. */
  readonly connection: number;
  readonly kind: 'message' | 'puback';
  readonly topic: string;
  readonly payload: Buffer;
}

/** An event on its way to the hosts, or the PUBACK of a command, noted where it leaves the controller. */
export interface MessageSeen extends Happened {
  readonly connection: number;
  readonly kind: 'event' | 'puback';
  /** Of an event. */
  readonly sequence?: number;
  /** Of a command: its host and id. */
  readonly command?: string;
}

/** A label that has come out of a printer. */
export interface LabelSeen extends Happened {
  readonly jobId: string;
  readonly sscc: string | undefined;
}

/** A host as the other end of the line saw it. */
export interface HostSeen {
  readonly host: string;
  /** Events in the order in which it has booked them. */
  readonly received: readonly {
    readonly sequence: number;
    readonly name: string;
    readonly data: object;
  }[];
  /** Every mark that it has sent, in order. */
  readonly marks: readonly number[];
}

/** One start of the controller: the image it found and what it made of it. */
export interface StartSeen extends Happened {
  readonly epoch: number;
  /** What names all rows that it found, but for the claims: where two are the same, the rows are. */
  readonly image: string;
  /** Hash of the books that it began with in memory. */
  readonly state: string;
  /** What its wall clock showed. */
  readonly wallMs: number;
}

/** Something that went wrong on purpose, and what was under way then. */
export interface FaultSeen extends Happened {
  readonly kind: string;
  readonly target: string;
  /** Of each open workflow: its chart, its state, and the phase of its crane's command. */
  readonly during: readonly string[];
}

/** How full something is that has a limit. */
export interface GaugeSeen {
  readonly name: string;
  readonly value: number;
  readonly max: number;
}

/** How it went on after the last fault had been taken away. */
export interface RestSeen {
  /** Time from then until nothing happened any more by itself; undefined: it did not come to rest. */
  readonly tookMs: number | undefined;
  readonly limitMs: number;
  /** Commits since then. */
  readonly commits: number;
  readonly commitsMax: number;
}

/**
 * What witnesses outside of the code under test have noted about one run. What nobody has looked at is
 * absent, and is not judged: it is never taken for "nothing has happened".
 */
export interface Evidence {
  readonly site: Site;
  /** The ledger, open for reading and between two transactions. */
  readonly db: DatabaseSync;
  /** Nothing is under way by itself: books and steel can be compared. */
  readonly isAtRest: boolean;
  readonly frames?: readonly FrameSeen[];
  readonly taken?: readonly TakenSeen[];
  /** From the first commit of an empty ledger on. */
  readonly commits?: readonly CommitSeen[];
  readonly overdue?: readonly OverdueSeen[];
  readonly replies?: readonly ReplySeen[];
  readonly acts?: readonly ActSeen[];
  readonly messages?: readonly MessageSeen[];
  readonly labels?: readonly LabelSeen[];
  readonly hosts?: readonly HostSeen[];
  readonly starts?: readonly StartSeen[];
  readonly executions?: readonly Execution[];
  readonly truth?: Truth;
  readonly gauges?: readonly GaugeSeen[];
  readonly rest?: RestSeen;
  /** Books that the running controller holds in memory: table, key, row. */
  readonly memory?: ReadonlyMap<string, ReadonlyMap<string, unknown>>;
  /** Commits of the same run on another wall clock. */
  readonly perturbed?: readonly CommitSeen[];
}
