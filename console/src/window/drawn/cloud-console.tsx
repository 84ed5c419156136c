import { Line } from './line.tsx';

const MENU = [58, 74, 46, 66, 52, 70];
const CODE = [34, 52, 61, 20, 48, 70, 44, 16];

export function CloudConsole({ service, resource }: { service: string; resource?: string }) {
  return (
    <>
      <div className="console-head">
        <i className="square filled" />
        <span>Services</span>
        <i className="search" />
        <Line of={9} />
      </div>
      <div className="console-body">
        <nav>
          <strong>{service}</strong>
          {MENU.map((length) => (
            <Line key={length} of={length} />
          ))}
        </nav>
        <div>
          <div className="spread">
            <strong className="big">{resource ?? service}</strong>
            <span className="box solid">Actions</span>
          </div>
          <div className="facts">
            <Fact name="Description" />
            <Fact name="Last changed" />
            <Fact name="Runtime" />
          </div>
          <div className="words">
            <span data-on>Code</span>
            <span>Test</span>
            <span>Monitor</span>
            <span>Configuration</span>
          </div>
          <div className="editor">
            {CODE.map((length, index) => (
              <div key={length} style={{ paddingInlineStart: INDENTS[index] }}>
                <Line of={length} isStrong={index % 3 === 0} />
              </div>
            ))}
          </div>
        </div>
      </div>
    </>
  );
}

const INDENTS = [0, 0, 16, 32, 32, 32, 16, 0];

const Fact = ({ name }: { name: string }) => (
  <div>
    <span>{name}</span>
    <Line of={70} />
  </div>
);
