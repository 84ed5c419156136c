const TABS = { code: 'Code', issues: 'Issues', pulls: 'Pull requests', actions: 'Actions', settings: 'Settings' };

export function RepositoryHead({ repository, section }: { repository: string; section: string }) {
  const [owner, name] = repository.split('/');
  return (
    <div className="head">
      <div className="title">
        <i className="round" />
        <span>{owner}</span>
        <span>/</span>
        <strong>{name}</strong>
      </div>
      <div className="words">
        {Object.entries(TABS).map(([key, label]) => (
          <span key={key} data-on={key === section || undefined}>
            {label}
          </span>
        ))}
      </div>
    </div>
  );
}
