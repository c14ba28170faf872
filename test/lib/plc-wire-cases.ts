import { type FaultCase, offline, online, storesOn } from './fault-site.ts';

/** What the wire of a PLC does to Craneway, the same for every PLC. */
export const plcWireCases = (device: string): FaultCase[] => [
  { device, fault: 'linkCut', so: 'it is offline until the link is back', looks: [offline()] },
  { device, fault: 'linkReset', so: 'it is back at once', looks: [offline(), online] },
  { device, fault: 'halfOpen', so: 'silence is noticed', looks: [offline(/No reply/)] },
  { device, fault: 'requestsLost', so: 'silence is noticed', looks: [offline(/No reply/)] },
  { device, fault: 'answersLost', so: 'silence is noticed', looks: [offline(/No reply/)] },
  { device, fault: 'stalled', so: 'silence is noticed', looks: [offline(/No reply/)] },
  { device, fault: 'lateAnswers', so: 'is as no answer', looks: [offline(/No reply/)] },
  { device, fault: 'slowLink', with: { ms: 20 }, so: 'work goes on', looks: [storesOn()] },
  { device, fault: 'trickle', so: 'work goes on', looks: [storesOn()], after: [] },
  {
    ...{ device, fault: 'garbage', with: { times: 1 } },
    so: 'nothing is believed, and the connection is a new one',
    looks: [offline(/not valid/)],
  },
  {
    ...{ device, fault: 'cutInAnswer', with: { bytes: 20 } },
    so: 'half an answer is none',
    looks: [offline(/lost|ended/)],
  },
  {
    ...{ device, fault: 'frozenLife', so: 'a program that stands is noticed though it answers' },
    looks: [offline(/stands still/)],
  },
  {
    device,
    fault: 'tornReads',
    so: 'a mixed block is read again',
    looks: [storesOn()],
    after: [],
  },
  ...[2, 6, 11].map(
    (code): FaultCase => ({
      ...{ device, fault: 'exception', with: { code } },
      so: 'it is offline until it answers again',
      looks: [offline()],
    }),
  ),
];
