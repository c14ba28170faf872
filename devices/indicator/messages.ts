import type { Indication, LampColor, LampMode } from '../../src/domain/indication.ts';
import type { IndicatorSettings } from '../../src/domain/mqtt-settings.ts';
import { lamps, standIns, urgency } from './fields.ts';

export interface LightMessage {
  readonly topic: string;
  readonly payload: string;
}

/**
 * What is published so that a light shows `indication`: one message for each lamp, or one for all. The same
 * indication always gives the same messages.
 */
export function messagesFor(
  indication: Indication,
  { show, words }: Pick<IndicatorSettings, 'show' | 'words'>,
): LightMessage[] {
  const told = lamps.flatMap(({ color }) => {
    const name = show.lamps[color];
    if (name === undefined) return [];
    return [{ name, word: words[modeOf(color, indication, show.lamps)] }];
  });
  if (show.kind === 'json') {
    const payload = JSON.stringify(Object.fromEntries(told.map(({ name, word }) => [name, word])));
    return [{ topic: show.topic, payload }];
  }
  return told.map(({ name, word }) => ({ topic: name, payload: String(word) }));
}

/** The mode of a lamp, which may have to speak for one that is not there. */
function modeOf(
  color: LampColor,
  indication: Indication,
  names: { readonly [C in LampColor]?: string | undefined },
): LampMode {
  const spoken = lamps
    .map((lamp) => lamp.color)
    .filter((other) => names[other] === undefined && standIns[other] === color);
  return [color, ...spoken]
    .map((each) => indication[each])
    .reduce((most, mode) => (urgency.indexOf(mode) > urgency.indexOf(most) ? mode : most));
}
