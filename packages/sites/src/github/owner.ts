// First path segments of github.com that are not somebody's name.
const PAGES = new Set(
  'about,account,apps,codespaces,collections,copilot,customer-stories,dashboard,enterprise,events,explore,features,gist,issues,login,logout,marketplace,new,notifications,organizations,orgs,pricing,pulls,readme,search,security,sessions,settings,signup,site,sponsors,stars,team,topics,trending,users'.split(
    ',',
  ),
);

export const isOwner = (segment: string | undefined): segment is string =>
  segment !== undefined && !PAGES.has(segment.toLowerCase());
