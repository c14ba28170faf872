const msPerDay = 86_400_000;
const form = /^(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?Z$/;
const pad = (n: number, digits: number) => String(n).padStart(digits, '0');

/**
 * An instant as the contract writes it: `2026-11-22T12:41:07.113Z`.
 *
 * @param atMs  UTC milliseconds since 1970, 0 to the end of the year 9999; fractions are cut off
 */
export function timeText(atMs: number): string {
  const days = Math.floor(atMs / msPerDay);
  const ms = Math.floor(atMs - days * msPerDay);
  const clock = [ms / 3_600_000, (ms / 60_000) % 60, (ms / 1000) % 60]
    .map((part) => pad(Math.floor(part), 2))
    .join(':');
  return `${dayText(days)}T${clock}.${pad(ms % 1000, 3)}Z`;
}

/** @returns UTC milliseconds since 1970; `undefined` when `text` is no time of the contract */
export function parseTime(text: string): number | undefined {
  const [, year, month, day, hour, minute, second, fraction = ''] = form.exec(text) ?? [];
  if (year === undefined) return undefined;
  const days = daysSince1970(Number(year), Number(month), Number(day));
  // Tells a day that the month does not have from one that it has.
  if (dayText(days) !== `${year}-${month}-${day}`) return undefined;
  if (Number(hour) > 23 || Number(minute) > 59 || Number(second) > 60) return undefined;
  const seconds = Number(hour) * 3600 + Number(minute) * 60 + Number(second);
  return days * msPerDay + seconds * 1000 + Number(fraction.padEnd(3, '0').slice(0, 3));
}

/**
 * Days since 1970-01-01 in the proleptic Gregorian calendar. The year is counted from March, so that the
 * leap day comes last and the months before it have a regular length.
 *
 * Source: E. G. Richards, "Calendars", in Explanatory Supplement to the Astronomical Almanac, 2013, ch. 15.
 */
function daysSince1970(year: number, month: number, day: number): number {
  const y = month <= 2 ? year - 1 : year;
  const fromMarch = (month + 9) % 12;
  const leapDays = Math.floor(y / 4) - Math.floor(y / 100) + Math.floor(y / 400);
  return 365 * y + leapDays + Math.floor((153 * fromMarch + 2) / 5) + (day - 1) - 719_468;
}

/** The day `days` after 1970-01-01 as `2026-11-22`. Inverse of `daysSince1970`. */
function dayText(days: number): string {
  const z = days + 719_468;
  const era = Math.floor(z / 146_097);
  const inEra = z - era * 146_097;
  const yearOfEra = Math.floor(
    (inEra - Math.floor(inEra / 1460) + Math.floor(inEra / 36_524) - Math.floor(inEra / 146_096)) /
      365,
  );
  const leapDays = Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100);
  const inYear = inEra - (365 * yearOfEra + leapDays);
  const fromMarch = Math.floor((5 * inYear + 2) / 153);
  const day = inYear - Math.floor((153 * fromMarch + 2) / 5) + 1;
  const month = fromMarch < 10 ? fromMarch + 3 : fromMarch - 9;
  const year = era * 400 + yearOfEra + (month <= 2 ? 1 : 0);
  return `${pad(year, 4)}-${pad(month, 2)}-${pad(day, 2)}`;
}
