import type { Site } from '../site.ts';
import { actions } from './actions.ts';
import { code } from './code.ts';
import { commit } from './commit.ts';
import { issue } from './issue.ts';
import { profile } from './profile.ts';
import { pullRequest } from './pull-request.ts';
import { repository } from './repository.ts';
import { user } from './user.ts';

export const github: Site = {
  name: 'github',
  owns: ({ hostname }) => hostname === 'github.com',
  parts: [repository, code, commit, issue, pullRequest, actions, profile, user],
  readsDocument: true,
};
