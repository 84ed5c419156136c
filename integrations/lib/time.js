// Spans of time in words: short enough for the bar.

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** `2 d 4 h`, `3 h 20 min`, `5 min`: the two greatest units. */
function inWords(ms) {
  const days = Math.floor(ms / DAY);
  const hours = Math.floor((ms % DAY) / HOUR);
  const minutes = Math.floor((ms % HOUR) / MINUTE);
  if (days > 0) return hours > 0 ? `${days} d ${hours} h` : `${days} d`;
  if (hours > 0) return minutes > 0 ? `${hours} h ${minutes} min` : `${hours} h`;
  return `${minutes} min`;
}

const ago = (when) => `${inWords(Math.max(0, Date.now() - new Date(when).getTime()))} ago`;

module.exports = { DAY, MINUTE, ago, inWords };
