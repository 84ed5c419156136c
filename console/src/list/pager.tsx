import './list.css';

interface PagerProps {
  /** what it leads through */
  label: string;
  /** `Page 2 of 5` */
  where: string;
  back: Step;
  on: Step;
}

interface Step {
  label: string;
  /** absent: there is nothing there */
  go?: (() => void) | undefined;
}

/** From page to page. A button that leads nowhere stays and keeps the focus, so that Enter can be pressed again and again. */
export const Pager = ({ label, where, back, on }: PagerProps) => (
  <nav className="pager" aria-label={label}>
    <StepButton {...back} />
    <span className="quiet" role="status">
      {where}
    </span>
    <StepButton {...on} />
  </nav>
);

const StepButton = ({ label, go }: Step) => (
  <button type="button" aria-disabled={go === undefined} onClick={go}>
    {label}
  </button>
);

interface NumberedPagerProps {
  label: string;
  page: number;
  pages: number;
  onPage(page: number): void;
}

/** Nothing, where all is on one page. */
export const NumberedPager = ({ label, page, pages, onPage }: NumberedPagerProps) =>
  pages > 1 && (
    <Pager
      label={label}
      where={`Page ${page} of ${pages}`}
      back={{ label: 'Previous', go: page > 1 ? () => onPage(page - 1) : undefined }}
      on={{ label: 'Next', go: page < pages ? () => onPage(page + 1) : undefined }}
    />
  );
