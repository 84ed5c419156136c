import { Line } from './line.tsx';
import { RepositoryHead } from './repository-head.tsx';

const COMMENTS = [
  [74, 88, 52],
  [61, 35],
] as const;

export function PullRequest({ repository, number }: { repository: string; number: string }) {
  return (
    <>
      <RepositoryHead repository={repository} section="pulls" />
      <div className="subject">
        <strong>Keep the cart when a session ends</strong> <span>#{number}</span>
        <div className="words">
          <span className="box solid">Open</span>
          <Line of={30} />
        </div>
      </div>
      <div className="columns">
        <div>
          {COMMENTS.map((lines) => (
            <div className="comment" key={lines.join()}>
              <i className="round" />
              <div>
                <header>
                  <Line of={24} isStrong />
                </header>
                {lines.map((length) => (
                  <Line key={length} of={length} />
                ))}
              </div>
            </div>
          ))}
        </div>
        <aside>
          <strong>Reviewers</strong>
          <Line of={55} />
          <strong>Labels</strong>
          <div className="words">
            <span className="box">checkout</span>
          </div>
          <strong>Checks</strong>
          <Line of={68} />
          <Line of={60} />
        </aside>
      </div>
    </>
  );
}
