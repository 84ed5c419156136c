import type { GatewayProblem } from '@fingerpost/bar';
import type { CatalogueEntry, CatalogueReply } from '@fingerpost/contracts';
import { useState } from 'react';
import './catalogue.css';

interface CatalogueProps {
  catalogue?: CatalogueReply;
  problem?: GatewayProblem;
}

export function Catalogue({ catalogue, problem }: CatalogueProps) {
  const [typed, setTyped] = useState('');
  const entries = sorted(catalogue?.entries ?? []);
  const shown = entries.filter((entry) => matches(entry, typed));
  const broken = entries.filter((entry) => entry.state === 'broken').length;

  return (
    <section className="card catalogue" aria-labelledby="catalogue">
      <header>
        <h2 id="catalogue">Integrations</h2>
        {catalogue && (
          <span className="quiet" role="status">
            {entries.length - broken} in service{broken > 0 && <b>, {broken} broken</b>}
          </span>
        )}
        {entries.length > 8 && (
          <input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            placeholder="Filter"
            aria-label="Filter integrations"
          />
        )}
      </header>
      {problem && (
        <p className="fault" role="alert">
          {problem.title}. {problem.detail}
        </p>
      )}
      {catalogue && entries.length === 0 && (
        <p className="empty">
          None yet. Put a file that ends with <code>.integration.js</code> into the integrations folder; it shows up
          here by itself.
        </p>
      )}
      {entries.length > 0 && shown.length === 0 && <p className="empty">Nothing matches “{typed}”.</p>}
      <ul>
        {shown.map((entry) => (
          <li key={entry.file} data-state={entry.state}>
            <Entry {...entry} />
          </li>
        ))}
      </ul>
    </section>
  );
}

function Entry({
  file,
  name,
  description,
  contextType,
  digest,
  secrets,
  hosts,
  areHostsDerived,
  state,
  fault,
  advice = [],
}: CatalogueEntry) {
  return (
    <>
      <div className="name">
        <b>{name ?? file}</b>
        {name !== undefined && <code className="quiet">{file}</code>}
      </div>
      <div className="about">
        {description && <p>{description}</p>}
        {state === 'broken' && (
          <div className="fault">
            <code>{placeOf(fault ?? { file })}</code>
            <p>{fault?.message ?? 'This file cannot serve.'}</p>
            {digest && <p className="quiet">Its last good version stays in service.</p>}
          </div>
        )}
        {advice.map((sentence) => (
          <p key={sentence} className="quiet">
            {sentence}
          </p>
        ))}
      </div>
      <div className="words">
        {contextType && <span className="box">{contextType}</span>}
        {secrets.map((secret) => (
          <span key={secret} className="box" title={`Needs the secret ${secret}`}>
            <span className="unseen">needs the secret </span>
            <svg viewBox="0 0 16 16" aria-hidden="true">
              <path d="M8.3 10.3a3 3 0 1 1-4.3-4.3 3 3 0 0 1 4.3 4.3zM8.3 6l5-4M11 4l1.7 1.9" />
            </svg>
            {secret}
          </span>
        ))}
        {hosts.map((host) => (
          <span
            key={host}
            className="host"
            title={areHostsDerived ? `May call ${host} (found in its code)` : `May call ${host}`}
          >
            {host}
          </span>
        ))}
      </div>
    </>
  );
}

// Broken ones first: they want something from the reader.
const sorted = (entries: readonly CatalogueEntry[]) =>
  entries.toSorted((a, b) =>
    a.state === b.state ? nameOf(a).localeCompare(nameOf(b)) : a.state === 'broken' ? -1 : 1,
  );

const nameOf = (entry: CatalogueEntry) => entry.name ?? entry.file;

const matches = ({ name = '', file, description = '' }: CatalogueEntry, typed: string) =>
  `${name} ${file} ${description}`.toLowerCase().includes(typed.trim().toLowerCase());

const placeOf = ({ file, line, column }: { file: string; line?: number; column?: number }) =>
  [file, line, column].filter((part) => part !== undefined).join(':');
