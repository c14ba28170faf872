import type { SimulatedSite } from './simulated-site.ts';

/** What each part of the surroundings must have met in a long batch, as a fact with how often. */
export function factsOfSurroundings({
  lines,
  broker,
  witness,
  lastController,
  fatals,
}: SimulatedSite): Record<string, number> {
  const facts: Record<string, number> = {};
  const add = (fact: string, times: number) => {
    if (times > 0) facts[fact] = (facts[fact] ?? 0) + times;
  };
  for (const { counts } of lines.wires.values()) {
    add('a line was lost', counts.lost);
    add('a line was refused', counts.refused);
    add('bytes vanished on a line', counts.bytesLost);
    add('a device spoke byte by byte', counts.dribbled);
  }
  for (const { state } of lines.printers.values()) {
    add('a label came out', state.printedCount);
    add('a label was spoiled', state.spoiledCount);
  }
  for (const [name, fact] of Object.entries(brokerFacts)) {
    add(fact, broker.counts[name as keyof typeof brokerFacts]);
  }
  add('rubbish was put aside', lastController.upline.state.deadLetters);
  const hasFailed = (code: number) => fatals.filter((error) => errcodeOf(error) === code).length;
  add('SQLite was full', hasFailed(sqliteFull));
  add('the ledger was locked', fatals.filter((error) => /locked/.test(String(error))).length);
  for (const { commit, outcome } of witness.commits) {
    if (outcome === 'failed') continue;
    for (const [, row] of commit.rows.label) if (row) add(`a label was ${row.status}`, 1);
  }
  return facts;
}

const sqliteFull = 13;
const errcodeOf = (error: unknown) => (error as { errcode?: number }).errcode;

const brokerFacts = {
  refused: 'the broker was away',
  takenOver: 'a connection was taken over',
  wills: 'a will was published',
  forgotten: 'the broker forgot all',
  lostPubacks: 'a PUBACK was lost',
  redelivered: 'a message came again',
  resumed: 'what was owed came over the next connection',
  overtaken: 'a message was overtaken',
} as const;
