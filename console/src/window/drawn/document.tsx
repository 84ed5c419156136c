import { Line } from './line.tsx';

const TREE = [70, 52, 64, 44, 58];
const FIRST = [96, 91, 98, 60];
const SECOND = [94, 99, 72];

export function Document({ title }: { title: string }) {
  return (
    <div className="document">
      <nav>
        {TREE.map((length) => (
          <Line key={length} of={length} />
        ))}
      </nav>
      <article>
        <strong className="big">{title}</strong>
        <Line of={22} />
        <div className="paragraph">
          {FIRST.map((length) => (
            <Line key={length} of={length} />
          ))}
        </div>
        <Line of={34} isStrong />
        <div className="paragraph">
          {SECOND.map((length) => (
            <Line key={length} of={length} />
          ))}
        </div>
      </article>
    </div>
  );
}
