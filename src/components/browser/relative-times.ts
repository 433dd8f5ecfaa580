/** Says how long ago a time is: beside the few that matter most, and as a hint on all others. */

const steps: readonly (readonly [Intl.RelativeTimeFormatUnit, number])[] = [
  ['year', 31_557_600],
  ['month', 2_629_800],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
];

/** Adds the relative times. They are as of the moment of loading. */
export function addRelativeTimes(): void {
  const now = Date.now();
  for (const time of document.querySelectorAll<HTMLTimeElement>('.freshness time, .recommended > p time')) {
    const parent = time.parentElement;
    const heightBefore = parent?.offsetHeight;
    const words = new Text(` (${formatRelative(time.dateTime, now)})`);
    time.after(words);
    // Where the line is full already, all below it would jump; the hint says it there too.
    if (parent?.offsetHeight !== heightBefore) words.remove();
  }
  document.addEventListener('pointerover', ({ target }) => {
    if (target instanceof HTMLTimeElement && target.title === '') {
      target.title = `${formatRelative(target.dateTime, Date.now())}, ${target.dateTime}`;
    }
  });
}

function formatRelative(dateTime: string, now: number): string {
  const seconds = (Date.parse(dateTime) - now) / 1000;
  const [unit, size] = steps.find(([, least]) => Math.abs(seconds) >= least) ?? ['minute', 60];
  const count = Math.round(seconds / size);
  // One month of seconds is not always "last month", nor a day of them "yesterday". Only "this minute" is what it says.
  return new Intl.RelativeTimeFormat('en', { numeric: count === 0 ? 'auto' : 'always' }).format(count, unit);
}
