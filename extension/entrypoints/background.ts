import { browser } from 'wxt/browser';
import { defineBackground } from 'wxt/utils/define-background';
import { announce } from '../background/announce.ts';
import { updateBadge } from '../background/badge.ts';
import { closeStorage } from '../background/parts.ts';
import { takeQuestion } from '../background/questions.ts';
import { answerRequest } from '../background/requests.ts';
import { QUESTION_PORT, type Request } from '../messages.ts';
import { enterOpenPages, followGrants } from '../providers/content-scripts.ts';

export default defineBackground(() => {
  closeStorage();
  updateBadge();

  browser.runtime.onMessage.addListener((request: Request, sender, reply) => {
    answerRequest(request, sender).then(reply, () => reply(undefined));
    return true; // the reply comes later
  });
  browser.runtime.onConnect.addListener((port) => {
    if (port.name === QUESTION_PORT) takeQuestion(port);
    else port.disconnect();
  });

  browser.storage.local.onChanged.addListener(() => {
    updateBadge();
    announce({ name: 'settings-changed' });
  });
  browser.commands.onCommand.addListener((name) => {
    if (name === 'focus-bar') announce({ name: 'focus-bar' }, { active: true, currentWindow: true });
  });

  browser.permissions.onAdded.addListener(async ({ origins = [] }) => {
    await followGrants(browser);
    await enterOpenPages(browser, origins);
  });
  browser.permissions.onRemoved.addListener(() => followGrants(browser));
  browser.runtime.onInstalled.addListener(async ({ reason }) => {
    await followGrants(browser);
    await enterOpenPages(browser, (await browser.permissions.getAll()).origins ?? []);
    if (reason === 'install') await browser.runtime.openOptionsPage();
  });
  browser.runtime.onStartup.addListener(() => followGrants(browser));
});
