import type { DatabaseSync } from 'node:sqlite';
import type { Evidence, FrameSeen, LabelSeen } from '../../simulators/dst/evidence.ts';
import { judge } from '../../simulators/dst/oracle/oracle.ts';
import { craneFrames } from '../../simulators/dst/oracle/registers.ts';
import type { KillSite } from '../lib/kill-site.ts';
import { withLedgerCopy } from '../lib/ledger-copy.ts';
import { systemClock as clock } from '../lib/system-clock.ts';

/**
 * What a process cannot be asked from outside: its commits, its memory, how full it is. That each command
 * was on disk before it left, and each acknowledgement too, is looked at after every kill instead.
 */
const notSeenFromOutside = ['I5', 'I8', 'I13', 'I17', 'I20', 'I21', 'I22', 'I24'];

/**
 * The witness of a controller that is a process of its own: what goes over its PLC wires, what its printer
 * prints, what the host acknowledges. It shares no memory with the controller, and outlives it.
 */
export class Observer {
  readonly frames: FrameSeen[] = [];
  readonly #labels = new Map<string, string | undefined>();
  readonly #marks: number[] = [];
  #step = 0;

  /** An access of the controller to the registers of a PLC, as the wire has it. */
  frame(seen: Pick<FrameSeen, 'device' | 'connection' | 'kind' | 'address' | 'words'>): void {
    const when = { step: ++this.#step, atMs: clock.monotonicMs(), wallMs: clock.nowMs() };
    this.frames.push({ ...when, generation: 1, ...seen });
  }

  /** To be called often enough that a printer still has every label. */
  look({ host, simulated }: KillSite): void {
    this.#marks.push(host.ackThrough());
    for (const [printer, server] of simulated.printers) {
      for (const { number, sscc } of server.labels()) {
        this.#labels.set(`${printer}/${number}`, sscc);
      }
    }
  }

  /** Commands that have left for a crane, `crane/seq` each. */
  commandsSent({ site }: KillSite): ReadonlySet<string> {
    const sent = craneFrames(site, this.frames).filter(({ said }) => said.command !== 'none');
    return new Set(sent.map(({ device, said }) => `${device}/${said.seq}`));
  }

  /** @returns what is not so, in sentences. @param restMs  from the end of the work to a site at rest */
  judge(site: KillSite, rest: { readonly tookMs: number; readonly limitMs: number }): string[] {
    this.look(site);
    return withLedgerCopy(site.ledgerFile, site.site, (db) => {
      const { findings, notJudged } = judge(this.#evidence(site, db, rest));
      const unseen = Object.keys(notJudged).filter((id) => !notSeenFromOutside.includes(id));
      return [
        ...findings.map(({ invariant, text }) => `${invariant}: ${text}`),
        ...unseen.map((id) => `${id} was not judged: ${notJudged[id]}`),
      ];
    });
  }

  #evidence(
    { site, host, simulated }: KillSite,
    db: DatabaseSync,
    rest: { readonly tookMs: number; readonly limitMs: number },
  ): Evidence {
    return {
      ...{ site, db, isAtRest: true, frames: this.frames, labels: this.#labelsOf(db) },
      hosts: [{ host: 'wms', received: host.received(), marks: this.#marks }],
      executions: simulated.plant.executionLog(),
      truth: simulated.plant.truth(),
      // Commits are not seen from outside.
      rest: { ...rest, commits: 0, commitsMax: 0 },
    };
  }

  /** Paper does not say which job it was: the first with an SSCC is the first on record with it. */
  #labelsOf(db: DatabaseSync): LabelSeen[] {
    const jobs = new Map<string, string[]>();
    const rows = db.prepare("SELECT label, body ->> 'sscc' AS sscc FROM label ORDER BY label");
    for (const { label, sscc } of rows.all()) {
      jobs.set(String(sscc), [...(jobs.get(String(sscc)) ?? []), String(label)]);
    }
    return [...this.#labels].map(([name, sscc]) => ({
      ...{ step: 0, atMs: 0, generation: 1, sscc },
      jobId: jobs.get(String(sscc))?.shift() ?? name,
    }));
  }
}
