import type { Person } from './account.ts';
import { Words } from './words.tsx';

export function WhoIAm({ name, email, provider, groups, roles, subject }: Person) {
  return (
    <section className="card who" aria-labelledby="who">
      <h2 id="who">{name ?? email ?? subject}</h2>
      <p className="quiet">
        {name !== undefined && email !== undefined && `${email}, `}signed in with {provider}
      </p>
      <dl>
        <dt>Roles</dt>
        <dd>
          <Words words={roles} />
        </dd>
        <dt>Groups</dt>
        <dd>{groups.length > 0 ? <Words words={groups} /> : <span className="quiet">none</span>}</dd>
      </dl>
    </section>
  );
}
