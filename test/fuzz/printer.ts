import { type Answer, AnswerReader } from '../../devices/zpl-printer/answer-reader.ts';
import { faultsOf, isFinished } from '../../devices/zpl-printer/interpret.ts';
import { DeviceProtocolError } from '../../src/domain/errors.ts';
import { extendedAnswers, statusTelegrams } from '../vectors/zpl-printer.ts';
import { type Draw, type FuzzTarget, must } from './target.ts';

const whole: readonly string[] = [
  ...Object.values(statusTelegrams),
  ...Object.values(extendedAnswers),
  '\x02ZT411-203dpi,V92.21.39Z,8,8192KB\x03\r\n',
  '"31084"\r\n',
  '"?"',
];
/** Bytes that mean something to the reader are drawn often. */
const alphabet = '\x02\x03\x02\x03"?,,0011239\r\nERRORS: PZ\x11\x00\xff';

/** Answers of a printer: whole, cut, changed and made up, in any chunks. */
export function printerFuzz(): FuzzTarget {
  const counts = { ready: 0, faulted: 0, extended: 0, identity: 0, odometer: 0, refused: 0 };
  return {
    doc: 'what a printer answers: nothing is understood that was not said, and never a phantom ready',
    run(draw) {
      const text = Array.from({ length: 1 + draw.below(8) }, () => piece(draw)).join('');
      const reader = new AnswerReader();
      try {
        for (let at = 0; at < text.length; ) {
          const size = 1 + draw.below(draw.oneOf([3, 300]));
          for (const answer of reader.push(Buffer.from(text.slice(at, at + size), 'latin1'))) {
            judge(answer, text);
            counts[kindOf(answer)] += 1;
          }
          at += size;
        }
      } catch (error) {
        // The driver ends the connection then.
        if (!(error instanceof DeviceProtocolError)) throw error;
        counts.refused += 1;
      }
    },
    counts: () => ({ ...counts }),
  };
}

function piece(draw: Draw): string {
  const text = draw.oneOf(whole);
  const kind = draw.below(8);
  if (kind < 3) return text;
  if (kind === 3) return text.slice(0, draw.below(text.length));
  if (kind === 4) return draw.text(alphabet, draw.below(60));
  if (kind === 5) return `\x02${draw.text(alphabet, draw.below(700))}`;
  const at = draw.below(text.length);
  return text.slice(0, at) + draw.text(alphabet, 1) + text.slice(at + 1);
}

function kindOf({ question, value }: Answer) {
  if (question !== 'status') return question;
  return isFinished(value) ? 'ready' : 'faulted';
}

/** Looks for what was understood in what was said, by other means than the reader's. */
function judge(answer: Answer, text: string): void {
  const telegrams = telegramsIn(text);
  const says = () => JSON.stringify({ answer, text });
  switch (answer.question) {
    case 'status':
      if (isFinished(answer.value)) must(isReadySaid(telegrams), says);
      must(faultsOf(answer.value).length <= 9, says);
      break;
    case 'odometer':
      must(text.includes(answer.value === 'none' ? '"?"' : '"') && isCount(answer.value), says);
      break;
    case 'identity':
      must(
        telegrams.some((inner) => inner.includes(answer.value.model)),
        says,
      );
      break;
    case 'extended':
      must(
        telegrams.some((inner) => inner.includes('PRINTER STATUS')),
        says,
      );
  }
}

/** What stands between each last STX and the first ETX after it. */
const telegramsIn = (text: string): string[] =>
  text
    .split('\x02')
    .slice(1)
    .flatMap((part) => (part.includes('\x03') ? [part.slice(0, part.indexOf('\x03'))] : []));

const isCount = (value: number | 'none') =>
  value === 'none' || (Number.isSafeInteger(value) && value >= 0);

/** Three telegrams after each other in which no fault is shown, and nothing waits. */
function isReadySaid(telegrams: readonly string[]): boolean {
  const lines = telegrams.map((inner) => inner.split(',').map(Number));
  const zeros = (line: readonly number[] | undefined, length: number, at: readonly number[]) =>
    line?.length === length && at.every((place) => line[place] === 0);
  const first = lines.findIndex((line) => zeros(line, 12, [1, 2, 4, 5, 7, 9, 10, 11]));
  const second = lines.findIndex((line, i) => i > first && zeros(line, 11, [2, 3, 8]));
  return first >= 0 && second > first && lines.some((line, i) => i > second && line.length === 2);
}
