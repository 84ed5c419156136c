import { type Grant, runnerSubjects, type Ticket } from '@fingerpost/contracts';
import { hashJson } from '@fingerpost/platform';
import { codeOf, integration, PAGE, runnerUnderTest, ticketFor } from '../testing/runner-under-test.ts';

const { company, grantOf, send } = runnerUnderTest();

describe('a forged or misused permission', () => {
  const body = integration('return []');

  it('is no use a second time', async () => {
    const grant = grantOf(body);
    const input = { context: PAGE };
    const ticket = ticketFor(grant, input);
    expect(await codeOf(send(grant, input, ticket))).toBe('answered');
    expect(await codeOf(send(grant, input, ticket))).toBe('ticket.spent');
  });

  it.each<[string, (grant: Grant) => Partial<Ticket>, string]>([
    ['for another digest', () => ({ digest: 'f'.repeat(64) }), 'ticket.invalid'],
    ['for another revision', () => ({ grantRevision: 2 }), 'ticket.invalid'],
    ['for another input', () => ({ inputHash: hashJson({ context: 'other' }) }), 'ticket.invalid'],
    ['from long ago', () => ({ expiresAt: Date.now() - 200_000 }), 'ticket.invalid'],
  ])('%s is refused', async (_name, change, code) => {
    const grant = grantOf(body);
    const input = { context: PAGE };
    expect(await codeOf(send(grant, input, ticketFor(grant, input, change(grant))))).toBe(code);
  });

  it('signed by the wrong role is refused', async () => {
    const grant = grantOf(body);
    const input = { context: PAGE };
    const [swapped, plain] = [
      await company().signGrant.sign('ticket', ticketFor(grant, input)),
      await company().signGrant.sign('grant', grant),
    ];
    const ask = (ticket: string, grantEnvelope: string) =>
      codeOf(company().bus.request(runnerSubjects.run, { ticket, grant: grantEnvelope, input }, { timeoutMs: 5_000 }));
    expect(await ask(swapped, plain)).toBe('signature.invalid');
    expect(
      await ask(
        await company().signTicket.sign('ticket', ticketFor(grant, input)),
        await company().signTicket.sign('grant', grant),
      ),
    ).toBe('signature.invalid');
    expect(await ask('a.b.c', plain)).toBe('signature.invalid');
  });

  it('whose grant has been revoked is refused', async () => {
    const grant = grantOf(`${body} // revoked`);
    company().revoke(grant.digest);
    expect(await codeOf(send(grant))).toBe('grant.revoked');
  });

  it('does not make other bytes run than its digest names', async () => {
    const grant = grantOf(`${body} // swapped`);
    company().store(integration(`return { type: 'text', content: 'evil' }`), grant.digest);
    expect(await codeOf(send(grant))).toBe('bundle.not_found');
  });
});
