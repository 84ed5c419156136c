// Shows whether one may deploy now, or when next: dates in the time zone of the team, whatever the zone of the server.
//
// To change: days, hours and freezes in deployments.data.yml, and 'acme/' to your own organisation.

const { DAY, inWords } = require('./lib/time');

module.exports = {
  metadata: {
    name: 'next-deployment',
    description: 'May one deploy now, and when next?',
    match: {
      contextType: 'github',
      context: { 'page.repository': { startsWith: 'acme/' } },
    },
    // The answer counts minutes.
    cache: 60,
    priority: 240,
  },

  async run(_context, _secrets, dataFiles) {
    const plan = dataFiles.find(({ id }) => id === 'deployments')?.data;
    if (!plan) return [];

    const now = Date.now();
    const next = upcomingWindows(plan, now)[0];
    if (!next) return { type: 'text', content: 'No deployment planned', icon: 'deploy' };
    if (next.opens <= now) {
      const left = inWords(next.closes - now);
      return {
        type: 'text',
        content: `Deploy until ${plan.to}`,
        icon: 'deploy',
        status: 'success',
        tooltip: `${left} left`,
      };
    }
    const freeze = freezeOn(plan, dayIn(plan.timeZone, now).date);
    return {
      type: 'text',
      content: `Next deployment ${next.weekday} ${plan.from}`,
      icon: 'deploy',
      status: freeze ? 'important' : 'none',
      tooltip: `${freeze ? `${freeze.why}; ` : ''}in ${inWords(next.opens - now)}, ${next.date} ${plan.timeZone}`,
    };
  },
};

/** The windows of the next weeks that have not closed yet, the earliest first. */
function upcomingWindows(plan, now) {
  return Array.from({ length: 45 }, (_, day) => dayIn(plan.timeZone, now + day * DAY))
    .filter(({ weekday, date }) => plan.days.includes(weekday) && !freezeOn(plan, date))
    .map((day) => ({ ...day, opens: instant(plan, day.date, plan.from), closes: instant(plan, day.date, plan.to) }))
    .filter(({ closes }) => closes > now);
}

// Dates as 2026-12-18 compare as text.
const freezeOn = ({ freezes = [] }, date) => freezes.find(({ first, last }) => first <= date && date <= last);

/** The calendar day and the weekday that it is in a time zone. */
function dayIn(timeZone, time) {
  const options = { timeZone, year: 'numeric', month: '2-digit', day: '2-digit', weekday: 'short' };
  const parts = new Intl.DateTimeFormat('en-GB', options).formatToParts(time);
  const part = (type) => parts.find((one) => one.type === type).value;
  return { date: `${part('year')}-${part('month')}-${part('day')}`, weekday: part('weekday') };
}

/** The moment at which the clocks of the time zone show this date and time. */
function instant({ timeZone }, date, time) {
  const asIfUtc = Date.parse(`${date}T${time}:00Z`);
  return asIfUtc - offset(timeZone, asIfUtc);
}

/** How far the clocks of a time zone are ahead of UTC. Windows lie in working hours, far from the night when the clocks change. */
function offset(timeZone, time) {
  const options = { timeZone, dateStyle: 'short', timeStyle: 'medium' };
  // Swedes write dates the ISO way: 2026-12-18 09:30:00.
  const local = new Intl.DateTimeFormat('sv-SE', options).format(time);
  return Date.parse(`${local.replace(' ', 'T')}Z`) - time;
}
