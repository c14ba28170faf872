const daysInMonth = (year: number, month: number): number => {
  const isLeap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
  return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1] ?? 0;
};

const partsOf = (date: string): { year: number; month: number; day: number } => {
  const [year, month, day] = [date.slice(0, -4), date.slice(-4, -2), date.slice(-2)].map(Number);
  return { year: year ?? Number.NaN, month: month ?? Number.NaN, day: day ?? Number.NaN };
};

/**
 * Whether digits are a date of the calendar, YYMMDD or YYYYMMDD.
 *
 * Of the years that two digits can mean, the one from 2000 on decides on 29 February: the leap year
 * 2000 is in reach for 00, 1900 and 2100 are not until 2050.
 *
 * @param dayMin  0 where day 00 may stand for the end of the month, else 1
 */
export function isDate(date: string, dayMin: 0 | 1): boolean {
  const { year, month, day } = partsOf(date);
  const inFull = date.length === 6 ? 2000 + year : year;
  return month >= 1 && month <= 12 && day >= dayMin && day <= daysInMonth(inFull, month);
}

/**
 * A date of a GS1 element as YYYY-MM-DD.
 *
 * The century is the one that puts the year no more than 49 years back and no more than 50 ahead.
 * Day 00 is the last day of the month.
 *
 * @param date      YYMMDD or YYYYMMDD, with `isDate` true of it
 * @param yearNow   the year in which it is read, four digits
 *
 * Source: GS1 General Specifications, section 7.12 (determination of century in dates).
 */
export function isoDate(date: string, yearNow: number): string {
  const { year, month, day } = partsOf(date);
  const inFull = date.length === 6 ? inCentury(year, yearNow) : year;
  const lastDay = day === 0 ? daysInMonth(inFull, month) : day;
  return [String(inFull).padStart(4, '0'), pad(month), pad(lastDay)].join('-');
}

const pad = (number: number) => String(number).padStart(2, '0');

function inCentury(year: number, yearNow: number): number {
  const away = year - (yearNow % 100);
  const century = yearNow - (yearNow % 100);
  if (away >= 51) return century - 100 + year;
  return away <= -50 ? century + 100 + year : century + year;
}
