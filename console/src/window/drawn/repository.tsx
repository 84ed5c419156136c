import { Line } from './line.tsx';
import { RepositoryHead } from './repository-head.tsx';

const FILES = [
  ['.github', 46, true],
  ['deploy', 62, true],
  ['src', 38, true],
  ['tests', 54, true],
  ['Dockerfile', 41, false],
  ['README.md', 58, false],
  ['package.json', 35, false],
] as const;

export function Repository({ repository, section = 'code' }: { repository: string; section?: string }) {
  return (
    <>
      <RepositoryHead repository={repository} section={section} />
      <div className="columns">
        <div>
          <div className="spread">
            <span className="box">main</span>
            <span className="box solid">Code</span>
          </div>
          <div className="listing">
            {FILES.map(([name, length, isFolder]) => (
              <div key={name}>
                <i className={isFolder ? 'square filled' : 'square'} />
                <span>{name}</span>
                <Line of={length} />
              </div>
            ))}
          </div>
        </div>
        <aside>
          <strong>About</strong>
          <Line of={92} />
          <Line of={70} />
          <div className="words">
            <span className="box">shop</span>
            <span className="box">typescript</span>
          </div>
          <strong>Releases</strong>
          <Line of={48} />
          <strong>Languages</strong>
          <i className="languages" />
        </aside>
      </div>
    </>
  );
}
