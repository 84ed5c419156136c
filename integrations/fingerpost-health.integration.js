// Shows that this Fingerpost is up, by asking it: a call to an address of your own.
//
// To change: GATEWAY, if Fingerpost listens elsewhere. Standalone lets integrations call its own address; any other private address must
// be named in the setting FINGERPOST_OUTBOUND_ALLOW.

const GATEWAY = 'http://127.0.0.1:3000';

module.exports = {
  metadata: {
    name: 'fingerpost-health',
    description: 'Is this Fingerpost itself up and ready?',
    match: {
      contextType: 'github',
      context: { 'page.repository': { exists: true } },
    },
    hosts: [new URL(GATEWAY).host],
    cache: 15,
    priority: 10,
  },

  async run() {
    const report = await askReadiness();
    if (report === undefined) return []; // whoever would read this is answered by it: it is up, and somewhere else
    if (report.status === 'ok') {
      return { type: 'link', content: 'Fingerpost is up', href: GATEWAY, icon: 'fingerpost', status: 'success' };
    }
    const ailing = Object.entries(report.checks).filter(([, result]) => result !== 'ok');
    return {
      type: 'text',
      content: 'Fingerpost is not ready',
      icon: 'fingerpost',
      status: 'important',
      tooltip: ailing.map(([name, result]) => `${name}: ${result}`).join(', '),
    };
  },
};

// While it is not ready it answers 503, and the body says why: that is an answer too, so `response.ok` does not matter here.
async function askReadiness() {
  try {
    const response = await fetch(`${GATEWAY}/health/ready`);
    return await response.json();
  } catch (error) {
    logger.warn(`${GATEWAY} did not answer (${error.message}): is GATEWAY in this file right, and may it be called?`);
    return undefined;
  }
}
