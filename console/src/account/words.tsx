/** Roles or groups, each in a box. */
export const Words = ({ words }: { words: readonly string[] }) => (
  <span className="words">
    {words.map((word) => (
      <span key={word} className="word">
        {word}
      </span>
    ))}
  </span>
);
