import type { Grant, Mint, SecretSlot } from '@fingerpost/contracts';
import type { Secret } from '@fingerpost/platform';
import { matchingHosts } from '../bounds/host.ts';
import type { Minter } from '../mint/minter.ts';
import { notStored } from '../store/secret-store.ts';
import type { StoreOfRun } from '../store/store-of-run.ts';
import { refuseOthers } from '../store/stored-binding.ts';
import { misplaced } from './misplaced.ts';
import { refuseOutsideSlots } from './outside-slots.ts';
import { Placeholders } from './placeholders.ts';
import { holdsPrivateKey } from './private-key.ts';
import { type AwsSignature, findSignature, secretHalfOf, signAgain, withoutSignature } from './sign-aws.ts';
import { decodedBasic, type Outgoing, READ_SLOTS } from './slots.ts';
import { type Bounds, boundsOfGrant, boundsOfKeeper, whyNotInSlot, whyNotThere } from './why-not.ts';

type Target = Pick<Outgoing, 'method' | 'url'>;

/** What a call needs of a seal. */
export type Unsealing = Pick<Seal, 'unseal' | 'holdsPlaceholder' | 'mayUnseal' | 'noteRefusal'>;

/** The placeholders of one run: where they may stand, and what they stand for. */
export class Seal {
  private readonly placeholders: Placeholders;
  /** of each secret that was asked for: the grant's and, where there are such, those of whoever keeps it; all of them hold */
  private readonly bounds = new Map<string, Bounds[]>();
  private readonly minted = new Set<Secret>();

  /** @throws Fault when a placeholder is none, or names a secret that the grant does not */
  constructor(
    placeholders: Readonly<Record<string, unknown>>,
    private readonly grant: Grant,
    private readonly store: StoreOfRun,
    private readonly minter: Pick<Minter, 'token' | 'forget'>,
  ) {
    this.placeholders = new Placeholders(placeholders, grant);
  }

  holdsPlaceholder(value: string): boolean {
    return this.namesIn(value).length > 0;
  }

  /** May every secret in this header value go along from one address to the next? A minted token stays with its issuer. */
  mayUnseal(value: string, to: Target, from: URL): boolean {
    const isHome = to.url.origin === from.origin;
    return this.namesIn(value).every(
      (name) => this.whyNotThere(name, to) === undefined && (isHome || this.grant.secrets[name]!.mint === undefined),
    );
  }

  /**
   * The request with real values in every slot, or signed with the real key pair; each value that leaves goes into `lent`.
   * @throws Fault `secret.misplaced` where the binding does not allow it, `secret.not_found` where there is no value
   */
  async unseal(request: Outgoing, lent: Set<Secret>): Promise<Outgoing> {
    if (this.placeholders.isEmpty) return request;
    const signature = findSignature(request, this.placeholders, Object.keys(this.grant.secrets));
    const bare = signature === undefined ? request : withoutSignature(request, signature);
    const filled = await this.fillSlots(bare, lent);
    return signature === undefined ? filled : this.signAgain(filled, signature, lent);
  }

  /** Whoever was asked does not know who asks. */
  noteRefusal(): void {
    for (const token of this.minted) this.minter.forget(token);
  }

  private async fillSlots(request: Outgoing, lent: Set<Secret>): Promise<Outgoing> {
    const slots = READ_SLOTS.map((read) => read(request, this.placeholders));
    refuseOutsideSlots(
      slots.reduce((bare, { fill }) => fill(bare, () => ''), request),
      this.placeholders,
    );
    const values = new Map<string, string>();
    for (const { slot, name } of slots.flatMap(({ uses }) => uses)) {
      await this.learnBounds(name);
      const why = this.whyNot(name, slot, request);
      if (why !== undefined) throw misplaced(name, `The secret ${name} may not be used here: ${why}.`);
      const secret = await this.read(name, request.url);
      if (slot === 'header' && !isHeaderText(secret.reveal()))
        throw misplaced(
          name,
          `The value of the secret ${name} cannot stand in a header: it has a line break or another character that headers do not take.`,
        );
      lent.add(secret);
      values.set(name, secret.reveal());
    }
    return slots.reduce((filled, { fill }) => fill(filled, (name) => values.get(name)!), request);
  }

  private async signAgain(request: Outgoing, signature: AwsSignature, lent: Set<Secret>): Promise<Outgoing> {
    const { accessKeyId, secretAccessKey, sessionToken } = signature;
    const take = async (name: string) => {
      await this.learnBounds(name);
      const why = this.whyNotThere(name, request);
      if (why !== undefined) throw misplaced(name, `A request may not be signed with ${name} here: ${why}.`);
      const secret = await this.read(name, request.url);
      lent.add(secret);
      return secret.reveal();
    };
    return signAgain(request, signature, {
      accessKeyId: await take(accessKeyId),
      secretAccessKey: await take(secretAccessKey),
      ...(sessionToken !== undefined &&
        (await this.store.read(sessionToken)) !== undefined && { sessionToken: await take(sessionToken) }),
    });
  }

  /** What a placeholder stands for: the value, or the token that is minted from it. A private key itself never leaves. */
  private async read(name: string, to: URL): Promise<Secret> {
    const secret = await this.store.read(name);
    if (secret === undefined) throw notStored(this.grant.name, name, this.store.placeOf?.(name));
    const { mint } = this.grant.secrets[name]!;
    if (mint !== undefined) return this.mintedFrom(name, secret, mint, to);
    if (holdsPrivateKey(secret.reveal()))
      throw misplaced(
        name,
        `The secret ${name} holds a private key, and those are never sent; write mint: { from: "github-app", ... } or { from: "google-service-account", ... } under secrets.${name} in the metadata.`,
      );
    return secret;
  }

  private async mintedFrom(name: string, key: Secret, mint: Mint, to: URL): Promise<Secret> {
    const token = await this.minter.token(name, key, mint, to);
    this.minted.add(token);
    return token;
  }

  private namesIn(value: string): string[] {
    return this.placeholders.namesIn(`${value} ${decodedBasic(value) ?? ''}`);
  }

  private async learnBounds(name: string): Promise<void> {
    const kept = await this.store.binding?.(name);
    refuseOthers(name, kept, this.grant.name);
    const granted = boundsOfGrant(name, this.grant.secrets[name]!);
    this.bounds.set(name, kept === undefined ? [granted] : [granted, boundsOfKeeper(kept)]);
  }

  private whyNot(name: string, slot: SecretSlot, to: Target): string | undefined {
    if (this.isSecretHalf(name)) return 'it only signs requests, and is never sent itself';
    const why = firstReason(this.bounds.get(name), (bounds) => whyNotInSlot(bounds, slot));
    if (why !== undefined) return why;
    const named = matchingHosts(this.grant.secrets[name]!.hosts, to.url);
    if (named.length > 0 && named.every(isAnybodys)) return 'a bucket may be anybody’s; only signed requests go there';
    return this.whyNotThere(name, to);
  }

  private whyNotThere(name: string, to: Target): string | undefined {
    return firstReason(this.bounds.get(name), (bounds) => whyNotThere(bounds, to));
  }

  private isSecretHalf(name: string): boolean {
    return Object.keys(this.grant.secrets).some((other) => secretHalfOf(other) === name);
  }
}

const isAnybodys = (host: string) => host.startsWith('*.');

/** Nobody has said where it may go: nowhere. */
const firstReason = (bounds: Bounds[] | undefined, whyNot: (bounds: Bounds) => string | undefined) =>
  bounds === undefined ? 'nobody has said where it may go' : bounds.map(whyNot).find((why) => why !== undefined);

/** Latin-1 without control characters: what HTTP takes, and all that it takes. */
export const isHeaderText = (text: string): boolean => /^[\t\x20-\x7e\x80-\xff]*$/.test(text);
