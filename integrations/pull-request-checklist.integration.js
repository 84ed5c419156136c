// Reminds reviewers of what counts, by the tab of the pull request they are on: an answer that depends on the section of a page.
//
// To change: the lists in checklists.data.yml. It shows on the pull requests of every repository.

module.exports = {
  metadata: {
    name: 'pull-request-checklist',
    description: 'What to look for in a review',
    match: {
      contextType: 'github',
      context: { 'page.section.name': { equals: 'pulls' }, 'page.section.pull': { exists: true } },
    },
    cache: 3600,
    priority: 400,
  },

  async run(context, _secrets, dataFiles) {
    const lists = dataFiles.find(({ id }) => id === 'checklists')?.data ?? {};
    const list = lists[context.page.section.subsection ?? 'conversation'] ?? [];
    if (list.length === 0) return [];

    return {
      type: 'dropdown',
      content: `Review: ${list.length} things`,
      icon: 'check',
      status: 'relevant',
      items: list.map((content) => ({ type: 'text', content })),
    };
  },
};
