import type { ReactNode } from 'react';

interface CardProps {
  id: string;
  title: string;
  /** beside the title */
  aside?: ReactNode;
  children: ReactNode;
}

/** Its title can be given the focus: that is where it goes when the row with the button is no more. */
export const Card = ({ id, title, aside, children }: CardProps) => (
  <section className="card" aria-labelledby={id}>
    <header>
      <h2 id={id} tabIndex={-1}>
        {title}
      </h2>
      <span className="aside">{aside}</span>
    </header>
    {children}
  </section>
);
